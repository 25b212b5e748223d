package org.domicile.client.restic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * Walks a folder, hands files to {@link FileReader}s, and stores a tree for each folder once its entries are known. A counter
 * runs beside it so that progress has a total.
 */
final class FolderReader implements AutoCloseable {
    private static final Comparator<byte[]> BY_BYTES = Arrays::compareUnsigned;

    private final Repository repository;
    private final BlobSaver saver;
    private final ProgressMeter meter;
    private final Path root;
    private final NodeReader nodes;
    private final FileReader fileReader;
    private final ExecutorService treeWriter = Executors.newSingleThreadExecutor(Threads.daemon("domicile-tree"));
    private final Thread counter;
    private final Excludes excludes;
    private final Queue<Skipped> skipped = new ConcurrentLinkedQueue<>();
    private final LongAdder files = new LongAdder();
    private final LongAdder unchanged = new LongAdder();
    private final LongAdder excluded = new LongAdder();

    FolderReader(
            Repository repository, BlobSaver saver, ProgressMeter meter, Tuning tuning, Excludes excludes, Path root) {
        this.excludes = excludes;
        this.repository = repository;
        this.saver = saver;
        this.meter = meter;
        this.root = root;
        this.nodes = new NodeReader(root);
        this.fileReader = new FileReader(
                repository.config().polynomial(),
                saver,
                meter,
                tuning,
                nodes,
                path -> skipped.add(Skipped.changed(path)));
        this.counter = Threads.daemon("domicile-count").newThread(new FolderCounter(root, excludes, meter));
    }

    /** Stores everything below the root; returns the root's tree. */
    Id read(Tree parent) throws IOException {
        counter.start();
        try {
            return folder(children(root), parent).join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw e;
        }
    }

    private CompletableFuture<Id> folder(List<Path> children, Tree parent) throws IOException {
        Map<String, Node> before = parent.byName();
        List<CompletableFuture<Node>> entries = new ArrayList<>();
        for (Path child : children) {
            saver.check();
            if (excludes.exclude(child)) {
                excluded.increment();
            } else {
                entries.add(entry(child, before));
            }
        }
        return CompletableFuture.allOf(entries.toArray(CompletableFuture[]::new))
                .thenApplyAsync(
                        done -> {
                            Tree tree = new Tree(entries.stream()
                                    .map(CompletableFuture::join)
                                    .filter(Objects::nonNull)
                                    .toList());
                            try {
                                return saver.save(BlobType.TREE, tree.encode());
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        treeWriter);
    }

    private CompletableFuture<Node> entry(Path path, Map<String, Node> before) throws IOException {
        Node node;
        try {
            node = nodes.read(path);
        } catch (IOException e) {
            return skip(Skipped.of(path, e));
        }
        if (node == null) {
            return skip(Skipped.special(path));
        }
        if (node.isLink()) {
            return CompletableFuture.completedFuture(node);
        }
        Node old = before.get(node.name());
        if (node.isFile()) {
            return file(path, node, old);
        }
        List<Path> children;
        try {
            children = children(path);
        } catch (IOException e) {
            return skip(Skipped.of(path, e));
        }
        Tree parent = old != null && old.isFolder() ? loadParent(Id.parse(old.subtree())) : Tree.EMPTY;
        return folder(children, parent).thenApply(node::withSubtree);
    }

    private CompletableFuture<Node> file(Path path, Node node, Node old) throws IOException {
        files.increment();
        if (old != null && isUnchanged(node, old)) {
            unchanged.increment();
            meter.bytes(node.size());
            meter.file();
            return CompletableFuture.completedFuture(node.withContent(old.content(), node.size()));
        }
        return fileReader.read(path, node).exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof FileReader.UnreadableFileException unreadable) {
                files.decrement();
                return skip(Skipped.of(path, unreadable.reason()));
            }
            return CompletableFuture.failedFuture(cause);
        });
    }

    private boolean isUnchanged(Node now, Node old) {
        return old.isFile()
                && old.size() == now.size()
                && sameTime(now.mtime(), old.mtime())
                && (old.ctime() == null || sameTime(now.ctime(), old.ctime()))
                && old.content() != null
                && old.content().stream().allMatch(id -> repository.index().contains(BlobType.DATA, Id.parse(id)));
    }

    private static boolean sameTime(String now, String old) {
        return now.equals(old)
                || java.time.OffsetDateTime.parse(now)
                        .toInstant()
                        .equals(java.time.OffsetDateTime.parse(old).toInstant());
    }

    /** A tree that is missing or damaged only makes us read the files again. */
    private Tree loadParent(Id tree) {
        try {
            return repository.loadTree(tree);
        } catch (IOException e) {
            return Tree.EMPTY;
        }
    }

    /** Sorted by the bytes of their names, as trees must be. */
    private List<Path> children(Path folder) throws IOException {
        record Named(byte[] name, Path path) {}
        List<Named> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(path -> found.add(new Named(RawPath.name(path), path)));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        found.sort(Comparator.comparing(Named::name, BY_BYTES));
        return found.stream().map(Named::path).toList();
    }

    private CompletableFuture<Node> skip(Skipped what) {
        skipped.add(what);
        return CompletableFuture.completedFuture(null);
    }

    long files() {
        return files.sum();
    }

    long unchanged() {
        return unchanged.sum();
    }

    long excluded() {
        return excluded.sum();
    }

    /** In the order of their paths. */
    List<Skipped> skipped() {
        return skipped.stream().sorted(Comparator.comparing(Skipped::path)).toList();
    }

    @Override
    public void close() {
        counter.interrupt();
        fileReader.close();
        treeWriter.shutdownNow();
    }
}
