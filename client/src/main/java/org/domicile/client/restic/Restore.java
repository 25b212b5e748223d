package org.domicile.client.restic;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes a snapshot's files into a folder, byte for byte, with times, modes and symbolic links. What is there already under the
 * same name is replaced; nothing is written outside the folder.
 */
public final class Restore {
    /** Blobs planned before their packs are fetched: bounds memory at some 20 MB. */
    private static final int BATCH = 50_000;

    /** @param warnings one sentence for each entry that could not be restored */
    public record Report(long files, Progress progress, List<String> warnings) {}

    private final Repository repository;
    private final Tuning tuning;
    private final List<String> warnings = new ArrayList<>();
    private BlobFetcher fetcher;
    private ProgressMeter meter;
    private long files;

    public Restore(Repository repository, Tuning tuning) {
        this.repository = repository;
        this.tuning = tuning;
    }

    public Report run(Snapshot snapshot, Path target, Progress.Listener listener) throws IOException {
        meter = new ProgressMeter(listener, repository.clock());
        repository.loadIndex();
        Files.createDirectories(target);
        Id root = Id.parse(snapshot.tree());
        count(root);
        meter.counted();
        List<Runnable> metadata = new ArrayList<>();
        try (BlobFetcher blobs = new BlobFetcher(repository, meter, tuning)) {
            fetcher = blobs;
            folder(root, target.toRealPath(), metadata);
            fetcher.run();
        }
        metadata.forEach(Runnable::run);
        meter.finish();
        return new Report(files, meter.now(), List.copyOf(warnings));
    }

    private void count(Id tree) throws IOException {
        for (Node node : repository.loadTree(tree).nodes()) {
            if (node.isFile()) {
                meter.expect(1, node.size());
            } else if (node.isFolder()) {
                count(Id.parse(node.subtree()));
            }
        }
    }

    private void folder(Id tree, Path folder, List<Runnable> metadata) throws IOException {
        for (Node node : repository.loadTree(tree).nodes()) {
            Path path = RawPath.child(folder, safeName(node));
            if (node.isFolder()) {
                clear(path, true);
                Files.createDirectories(path);
                folder(Id.parse(node.subtree()), path, metadata);
            } else if (node.isFile()) {
                clear(path, false);
                file(node, path);
            } else if (node.isLink()) {
                clear(path, false);
                Files.createSymbolicLink(path, RawPath.target(linkTarget(node)));
            } else {
                warnings.add("Not restored: " + path + " (a " + node.type() + ")");
                continue;
            }
            metadata.add(() -> metadata(node, path));
        }
    }

    private void file(Node node, Path path) throws IOException {
        files++;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.position();
        }
        long offset = 0;
        for (String content : node.content() == null ? List.<String>of() : node.content()) {
            offset += fetcher.plan(Id.parse(content), path, offset);
        }
        meter.file();
        if (fetcher.planned() >= BATCH) {
            fetcher.run();
        }
    }

    /** Makes room, so that a link left at this place cannot lead the write elsewhere. */
    private static void clear(Path path, boolean keepFolder) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            if (!keepFolder) {
                throw new RepositoryException(
                        path + " is a folder, but a file in the snapshot: restore to another place");
            }
        } else {
            Files.deleteIfExists(path);
        }
    }

    private static byte[] safeName(Node node) throws RepositoryException {
        byte[] name = QuotedName.unquote(node.name());
        String text = new String(name, java.nio.charset.StandardCharsets.ISO_8859_1);
        if (Set.of("", ".", "..").contains(text) || text.indexOf('/') >= 0 || text.indexOf(0) >= 0) {
            throw new RepositoryException(
                    "The snapshot holds a file name that leads outside the folder: " + node.name());
        }
        return name;
    }

    private static byte[] linkTarget(Node node) {
        return node.linkTargetRaw() != null
                ? node.linkTargetRaw()
                : node.linkTarget().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private void metadata(Node node, Path path) {
        try {
            NodeWriter.apply(node, path);
        } catch (IOException | UnsupportedOperationException e) {
            warnings.add("Restored, but not its times or permissions: " + path + " (" + e.getMessage() + ")");
        }
    }
}
