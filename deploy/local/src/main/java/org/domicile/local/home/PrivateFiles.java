package org.domicile.local.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.domicile.local.LocalFailure;

/** Writes files that only their owner may read (0600), each whole or not at all. */
public final class PrivateFiles {
    private PrivateFiles() {}

    public static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            var next = Files.createTempFile(
                    file.getParent(),
                    ".new",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(next, text.getBytes(StandardCharsets.UTF_8));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LocalFailure("The file " + file + " cannot be written: " + e.getMessage(), e);
        }
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new LocalFailure("The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
