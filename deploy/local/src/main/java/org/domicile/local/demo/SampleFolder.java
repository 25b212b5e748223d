package org.domicile.local.demo;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.SplittableRandom;

/** A folder to back up when none is given: about 200 MB, many small files, some large ones, and the names that break programs. */
final class SampleFolder {
    private static final int NOTES = 1_200;
    private static final int PHOTOS = 40;
    private static final int PHOTO_BYTES = 3_000_000;
    private static final int VIDEO_BYTES = 70_000_000;
    private static final int BUFFER = 1 << 16;

    private SampleFolder() {}

    /** Makes the folder, the same each time, unless it is there. */
    static Path at(Path folder) throws IOException {
        var complete = folder.resolveSibling(folder.getFileName() + ".complete");
        if (Files.exists(complete)) {
            return folder;
        }
        var random = new SplittableRandom(2014);
        for (int i = 0; i < NOTES; i++) {
            var note = folder.resolve("notes/%02d/note-%04d.txt".formatted(i / 50, i));
            Files.createDirectories(note.getParent());
            Files.writeString(
                    note,
                    "Note %d: %s%n"
                            .formatted(i, Long.toHexString(random.nextLong()))
                            .repeat(20 + i % 60));
        }
        for (int i = 0; i < PHOTOS; i++) {
            write(folder.resolve("照片/IMG_%04d.jpg".formatted(i)), PHOTO_BYTES, random.nextLong());
        }
        write(folder.resolve("video/第一天.mp4"), VIDEO_BYTES, random.nextLong());
        Files.write(folder.resolve("empty.txt"), new byte[0]);
        try {
            Files.createSymbolicLink(folder.resolve("latest.jpg"), Path.of("照片/IMG_0039.jpg"));
        } catch (UnsupportedOperationException | FileSystemException e) {
            // a file system without symbolic links: the folder does without
        }
        Files.writeString(complete, "");
        return folder;
    }

    private static void write(Path file, int bytes, long seed) throws IOException {
        Files.createDirectories(file.getParent());
        var random = new Random(seed);
        var buffer = new byte[BUFFER];
        try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (int left = bytes; left > 0; left -= BUFFER) {
                random.nextBytes(buffer);
                out.write(buffer, 0, Math.min(left, BUFFER));
            }
        }
    }
}
