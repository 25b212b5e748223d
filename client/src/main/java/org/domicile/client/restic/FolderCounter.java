package org.domicile.client.restic;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Counts the files and bytes below a folder for the progress display; stops when interrupted. */
final class FolderCounter extends SimpleFileVisitor<Path> implements Runnable {
    private final Path root;
    private final Excludes excludes;
    private final ProgressMeter meter;

    FolderCounter(Path root, Excludes excludes, ProgressMeter meter) {
        this.excludes = excludes;
        this.root = root;
        this.meter = meter;
    }

    @Override
    public void run() {
        try {
            Files.walkFileTree(root, this);
            meter.counted();
        } catch (IOException e) {
            // Only the total is missing then.
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        return !folder.equals(root) && excludes.exclude(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile() && !excludes.exclude(file)) {
            meter.expect(1, attributes.size());
        }
        return Thread.interrupted() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) {
        return FileVisitResult.CONTINUE;
    }
}
