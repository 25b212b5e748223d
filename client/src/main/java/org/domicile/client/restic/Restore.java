package org.domicile.client.restic;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a snapshot's files into a folder, byte for byte, with times, modes and symbolic links. What is there already under the
 * same name is replaced; nothing is written outside the folder.
 *
 * <p>A file gets its name once all of it is written: before, it is a {@code .domicile-….part} beside that place. So what bears a file's name
 * is whole, also after a failure or a crash. A file of which a part cannot be read, and what lies in a folder whose list cannot be, is left
 * out with a warning; what was there under its name stays.
 */
public final class Restore {
    /** Blobs planned before their packs are fetched: bounds memory at some 20 MB. */
    private static final int BATCH = 50_000;

    /** @param warnings one sentence for each entry that could not be restored */
    public record Report(long files, Progress progress, List<String> warnings) {}

    private record Part(Path draft, Path path) {}

    private final Repository repository;
    private final Tuning tuning;
    private final List<String> warnings = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final Set<Path> unreadable = new HashSet<>();
    private BlobFetcher fetcher;
    private ProgressMeter meter;
    private long files;

    public Restore(Repository repository, Tuning tuning) {
        this.repository = repository;
        this.tuning = tuning;
    }

    /** What {@link #run} would do, without doing it. */
    public RestorePlan plan(Snapshot snapshot, Path target) throws IOException {
        repository.loadIndex();
        return new RestorePlanner(repository).plan(Id.parse(snapshot.tree()), target);
    }

    /** @throws DiskFullException when there is no room left */
    public Report run(Snapshot snapshot, Path target, Progress.Listener listener) throws IOException {
        meter = new ProgressMeter(listener, repository.clock());
        repository.loadIndex();
        Id root = Id.parse(snapshot.tree());
        count(repository.loadTree(root));
        meter.counted();
        List<Runnable> metadata = new ArrayList<>();
        try (BlobFetcher blobs = new BlobFetcher(repository, meter, tuning)) {
            fetcher = blobs;
            Files.createDirectories(target);
            folder(root, target.toRealPath(), metadata);
            finishFiles();
        } catch (IOException e) {
            discardParts();
            throw DiskFullException.isCause(e) ? new DiskFullException(target, files, meter.now(), e) : e;
        }
        metadata.forEach(Runnable::run);
        meter.finish();
        return new Report(files, meter.now(), List.copyOf(warnings));
    }

    private void count(Tree tree) throws IOException {
        for (Node node : tree.nodes()) {
            if (node.isFile()) {
                meter.expect(1, node.size());
            } else if (node.isFolder()) {
                count(repository.findTree(Id.parse(node.subtree())).orElse(Tree.EMPTY));
            }
        }
    }

    private void folder(Id tree, Path folder, List<Runnable> metadata) throws IOException {
        Optional<Tree> found = repository.findTree(tree);
        if (found.isEmpty()) {
            warnings.add("Not restored: what was in " + folder + " (its list cannot be read: run 'verify')");
            return;
        }
        for (Node node : found.get().nodes()) {
            Path path = RawPath.child(folder, node.safeName());
            if (node.isFolder()) {
                clear(path, true);
                Files.createDirectories(path);
                folder(Id.parse(node.subtree()), path, metadata);
            } else if (node.isFile()) {
                refuseFolder(path);
                file(node, path, folder);
            } else if (node.isLink()) {
                clear(path, false);
                Files.createSymbolicLink(path, RawPath.target(linkTarget(node)));
            } else {
                warnings.add("Not restored: " + path + " (a " + node.type() + ")");
                continue;
            }
            metadata.add(() -> {
                if (!unreadable.contains(path)) {
                    metadata(node, path);
                }
            });
        }
    }

    private void file(Node node, Path path, Path folder) throws IOException {
        Path draft = folder.resolve(".domicile-" + (files + parts.size()) + ".part");
        Files.deleteIfExists(draft);
        parts.add(new Part(draft, path));
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.position();
        }
        long offset = 0;
        for (String content : node.content() == null ? List.<String>of() : node.content()) {
            offset += fetcher.plan(Id.parse(content), draft, offset);
        }
        if (fetcher.planned() >= BATCH) {
            finishFiles();
        }
    }

    /** Fetches what is planned; then files that are whole get their names. */
    private void finishFiles() throws IOException {
        Map<Path, String> lost = fetcher.run();
        for (Part part : parts) {
            if (lost.containsKey(part.draft())) {
                Files.delete(part.draft());
                unreadable.add(part.path());
                warnings.add("Not restored: " + part.path() + " (" + lost.get(part.draft()) + ")");
                continue;
            }
            Files.move(part.draft(), part.path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            files++;
            meter.file();
        }
        parts.clear();
    }

    private void discardParts() throws IOException {
        for (Part part : parts) {
            Files.deleteIfExists(part.draft());
        }
    }

    /** Makes room, so that a link left at this place cannot lead the write elsewhere. */
    private static void clear(Path path, boolean keepFolder) throws IOException {
        if (!keepFolder) {
            refuseFolder(path);
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
        }
    }

    private static void refuseFolder(Path path) throws RepositoryException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new RepositoryException(path + " is a folder, but a file in the snapshot: restore to another place");
        }
    }

    private static byte[] linkTarget(Node node) {
        return node.linkTargetRaw() != null
                ? node.linkTargetRaw()
                : node.linkTarget().getBytes(StandardCharsets.UTF_8);
    }

    private void metadata(Node node, Path path) {
        try {
            NodeWriter.apply(node, path);
        } catch (IOException | UnsupportedOperationException e) {
            warnings.add("Restored, but not its times or permissions: " + path + " (" + e.getMessage() + ")");
        }
    }
}
