package org.domicile.client.restic;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Reads files and stores their chunks: a few threads read and cut, others hash, compress and encrypt. What waits between them
 * is bounded in bytes and in files, so a file of any size takes the same memory.
 */
final class FileReader implements AutoCloseable {
    private static final int FILES_UNDER_WAY = 64;

    /** The file, not the repository, is at fault. */
    static final class UnreadableFileException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnreadableFileException(IOException cause) {
            super(cause.getMessage(), cause);
        }

        IOException reason() {
            return (IOException) getCause();
        }
    }

    private final BlobSaver saver;
    private final ProgressMeter meter;
    private final NodeReader nodes;
    private final Consumer<Path> changed;
    private final ExecutorService readers;
    private final ExecutorService workers;
    private final ThreadLocal<Chunker> chunkers;
    private final Semaphore filesUnderWay = new Semaphore(FILES_UNDER_WAY);
    private final Semaphore buffered;

    /** @param changed is told of files that were written to while they were read */
    FileReader(
            Polynomial polynomial,
            BlobSaver saver,
            ProgressMeter meter,
            Tuning tuning,
            NodeReader nodes,
            Consumer<Path> changed) {
        this.nodes = nodes;
        this.changed = changed;
        this.saver = saver;
        this.meter = meter;
        this.readers = Executors.newFixedThreadPool(tuning.readers(), Threads.daemon("domicile-read"));
        this.workers = Executors.newFixedThreadPool(tuning.workers(), Threads.daemon("domicile-seal"));
        this.chunkers = ThreadLocal.withInitial(() -> new Chunker(polynomial));
        this.buffered = new Semaphore(Math.max(tuning.bufferedBytes(), Chunker.MAX));
    }

    /** Completes with the node and its content; waits while many files are under way. */
    CompletableFuture<Node> read(Path path, Node node) throws IOException {
        acquire(filesUnderWay, 1);
        return CompletableFuture.supplyAsync(() -> chunks(path, node), readers)
                .whenComplete((chunks, failure) -> filesUnderWay.release())
                .thenCompose(chunks -> CompletableFuture.allOf(chunks.toArray(CompletableFuture[]::new))
                        .thenApply(done -> node(node, chunks)));
    }

    private record Stored(Id id, int size) {}

    private Node node(Node node, List<CompletableFuture<Stored>> chunks) {
        List<Stored> stored = chunks.stream().map(CompletableFuture::join).toList();
        meter.file();
        return node.withContent(
                stored.stream().map(chunk -> chunk.id().toString()).toList(),
                stored.stream().mapToLong(Stored::size).sum());
    }

    private List<CompletableFuture<Stored>> chunks(Path path, Node node) {
        List<CompletableFuture<Stored>> stored = new ArrayList<>();
        try (InputStream input = open(path)) {
            Chunker chunker = chunkers.get().reset(input);
            for (byte[] chunk = next(chunker); chunk != null; chunk = next(chunker)) {
                boolean whole = stored.isEmpty() && chunk.length < Chunker.MIN;
                stored.add(whole ? CompletableFuture.completedFuture(store(chunk)) : hand(chunk));
            }
            if (isChanged(path, node)) {
                changed.accept(path);
            }
        } catch (InterruptedIOException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            throw new UnreadableFileException(e);
        }
        return stored;
    }

    /** One that is gone by now was read to its end all the same. */
    private boolean isChanged(Path path, Node before) throws IOException {
        try {
            Node now = nodes.read(path);
            return now == null
                    || now.size() != before.size()
                    || !now.mtime().equals(before.mtime())
                    || !Objects.equals(now.ctime(), before.ctime());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static InputStream open(Path path) {
        try {
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw new UnreadableFileException(e);
        }
    }

    private static byte[] next(Chunker chunker) {
        try {
            return chunker.next();
        } catch (IOException e) {
            throw new UnreadableFileException(e);
        }
    }

    private CompletableFuture<Stored> hand(byte[] chunk) throws InterruptedIOException {
        acquire(buffered, chunk.length);
        return CompletableFuture.supplyAsync(() -> store(chunk), workers)
                .whenComplete((id, failure) -> buffered.release(chunk.length));
    }

    private Stored store(byte[] chunk) {
        try {
            Id id = saver.save(BlobType.DATA, chunk);
            meter.bytes(chunk.length);
            return new Stored(id, chunk.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void acquire(Semaphore semaphore, int permits) throws InterruptedIOException {
        try {
            semaphore.acquire(permits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The backup was interrupted");
        }
    }

    @Override
    public void close() {
        readers.shutdownNow();
        workers.shutdownNow();
    }
}
