package org.domicile.client.restic;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Fetches planned blobs pack by pack, a stretch of neighbouring blobs in one request, and writes each to all its places. Plan
 * from one thread.
 */
final class BlobFetcher implements AutoCloseable {
    /** Bytes between two wanted blobs that are cheaper to read over than to ask again. */
    private static final int GAP = 256 * 1024;

    /** Bytes of one request, unless a single blob is larger: bounds memory. */
    private static final int STRETCH = 4 * 1024 * 1024;

    private record Place(Path path, long offset) {}

    private record Wanted(PackedBlob blob, List<Place> places) {}

    private final Repository repository;
    private final ProgressMeter meter;
    private final ExecutorService transfers;
    private Map<Id, Map<Id, Wanted>> byPack = new LinkedHashMap<>();
    private int planned;

    BlobFetcher(Repository repository, ProgressMeter meter, Tuning tuning) {
        this.repository = repository;
        this.meter = meter;
        this.transfers = Executors.newFixedThreadPool(tuning.transfers(), Threads.daemon("domicile-fetch"));
    }

    /** Wants the blob at {@code offset} of the file; returns the blob's plain length. */
    int plan(Id id, Path path, long offset) throws RepositoryException {
        Index.Location location = repository
                .index()
                .find(BlobType.DATA, id)
                .orElseThrow(
                        () -> new RepositoryException("The repository lacks a part of " + path + ": run 'verify'"));
        byPack.computeIfAbsent(location.pack(), pack -> new LinkedHashMap<>())
                .computeIfAbsent(id, blob -> new Wanted(location.blob(), new ArrayList<>()))
                .places()
                .add(new Place(path, offset));
        planned++;
        return location.blob().plainLength();
    }

    int planned() {
        return planned;
    }

    /** Fetches and writes all that is planned. */
    void run() throws IOException {
        List<Future<Void>> running = new ArrayList<>();
        for (Map.Entry<Id, Map<Id, Wanted>> pack : byPack.entrySet()) {
            List<Wanted> wanted = new ArrayList<>(pack.getValue().values());
            running.add(transfers.submit(() -> {
                fetch(pack.getKey(), wanted);
                return null;
            }));
        }
        byPack = new LinkedHashMap<>();
        planned = 0;
        try {
            for (Future<Void> transfer : running) {
                transfer.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The restore was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException("The restore failed: " + e.getCause(), e.getCause());
        }
    }

    private void fetch(Id pack, List<Wanted> wanted) throws IOException {
        wanted.sort(Comparator.comparingInt(one -> one.blob().offset()));
        int start = 0;
        for (int next = 1; next <= wanted.size(); next++) {
            if (next == wanted.size() || !joins(wanted.get(start), wanted.get(next - 1), wanted.get(next))) {
                stretch(pack, wanted.subList(start, next));
                start = next;
            }
        }
    }

    private static boolean joins(Wanted first, Wanted last, Wanted next) {
        int end = last.blob().offset() + last.blob().length();
        return next.blob().offset() - end <= GAP
                && next.blob().offset() + next.blob().length() - first.blob().offset() <= STRETCH;
    }

    private void stretch(Id pack, List<Wanted> wanted) throws IOException {
        int from = wanted.get(0).blob().offset();
        PackedBlob last = wanted.get(wanted.size() - 1).blob();
        int length = last.offset() + last.length() - from;
        byte[] sealed = repository.backend().load(FileType.PACK, pack.toString(), from, length);
        meter.sent(length);
        for (Wanted one : wanted) {
            byte[] plain = repository.open(one.blob(), sealed, one.blob().offset() - from);
            for (Place place : one.places()) {
                write(place, plain);
                meter.bytes(plain.length);
            }
        }
    }

    private static void write(Place place, byte[] plain) throws IOException {
        try (FileChannel channel = FileChannel.open(place.path(), StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(plain);
            while (buffer.hasRemaining()) {
                channel.write(buffer, place.offset() + buffer.position());
            }
        }
    }

    @Override
    public void close() {
        transfers.shutdownNow();
    }
}
