package org.domicile.client.restic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Walks a snapshot beside the folder it would go to, and writes nothing. One use. */
final class RestorePlanner {
    private final Repository repository;
    private final Set<Id> fetched = new HashSet<>();
    private final List<String> conflicts = new ArrayList<>();
    private long files;
    private long folders;
    private long links;
    private long bytes;
    private long fetchBytes;
    private long replaced;

    RestorePlanner(Repository repository) {
        this.repository = repository;
    }

    RestorePlan plan(Id tree, Path target) throws IOException {
        walk(tree, target.toAbsolutePath());
        return new RestorePlan(
                files, folders, links, bytes, fetchBytes, replaced, List.copyOf(conflicts), freeBytes(target));
    }

    private void walk(Id tree, Path folder) throws IOException {
        Optional<Tree> found = repository.findTree(tree);
        if (found.isEmpty()) {
            conflicts.add("What was in " + folder + " cannot be found, as its list cannot be read: run 'verify'");
            return;
        }
        for (Node node : found.get().nodes()) {
            Path path = RawPath.child(folder, node.safeName());
            if (node.isFolder()) {
                folders++;
                walk(Id.parse(node.subtree()), path);
            } else if (node.isFile()) {
                file(node, path);
            } else if (node.isLink()) {
                links++;
                refuseFolder(path);
            } else {
                conflicts.add(path + " is a " + node.type() + ", which is not restored");
            }
        }
    }

    private void file(Node node, Path path) {
        files++;
        bytes += node.size();
        refuseFolder(path);
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            replaced++;
        }
        for (String content : node.content() == null ? List.<String>of() : node.content()) {
            fetch(Id.parse(content), path);
        }
    }

    private void fetch(Id blob, Path path) {
        Optional<Index.Location> location = repository.index().find(BlobType.DATA, blob);
        if (location.isEmpty()) {
            conflicts.add("The repository lacks a part of " + path + ": run 'verify'");
        } else if (fetched.add(blob)) {
            fetchBytes += location.get().blob().length();
        }
    }

    private void refuseFolder(Path path) {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            conflicts.add(path + " is a folder, but not in the snapshot");
        }
    }

    /** At the nearest folder that exists. */
    private static long freeBytes(Path target) throws IOException {
        Path existing = target.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return Files.getFileStore(existing).getUsableSpace();
    }
}
