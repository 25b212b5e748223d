package org.domicile.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** The data of the benchmark, the same each time: 5 % small text files, 45 % photos of 3 MB, the rest one video. */
final class BenchData {
    private static final int NOTE = 4_096;
    private static final int PHOTO = 3_000_000;
    private static final int A_FOLDER = 200;

    private BenchData() {}

    /** Makes the folder unless it is there. @param size bytes of all files together, about */
    static Path at(Path folder, long size) throws IOException {
        var complete = folder.resolveSibling(folder.getFileName() + ".complete");
        if (Files.exists(complete)) {
            return folder;
        }
        var random = new Random(2014);
        long notes = size / 20 / NOTE;
        for (int i = 0; i < notes; i++) {
            var note = folder.resolve("notes/%04d/%06d.txt".formatted(i / A_FOLDER, i));
            Files.createDirectories(note.getParent());
            var line = "note %d %s%n".formatted(i, Long.toHexString(random.nextLong()));
            Files.writeString(note, line.repeat(NOTE / line.length()));
        }
        long photos = size * 45 / 100 / PHOTO;
        for (int i = 0; i < photos; i++) {
            write(folder.resolve("photos/IMG_%05d.jpg".formatted(i)), PHOTO, random);
        }
        write(folder.resolve("video/day-1.mp4"), size - notes * NOTE - photos * PHOTO, random);
        Files.writeString(complete, "");
        return folder;
    }

    static void write(Path file, long bytes, Random random) throws IOException {
        Files.createDirectories(file.getParent());
        var buffer = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; left -= buffer.length) {
                random.nextBytes(buffer);
                out.write(buffer, 0, (int) Math.min(left, buffer.length));
            }
        }
    }
}
