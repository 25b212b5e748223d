package org.domicile.local.home;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.domicile.local.LocalFailure;

/** A server that comes as an archive, unpacked once into the {@code dist} folder. */
public final class Archive {
    private static final int OWNER_EXECUTES = 0100;

    private Archive() {}

    /** Opens the tar stream. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    /**
     * The folder {@code dist/name}, unpacked now unless it is there. A cut-off unpacking leaves nothing behind that is
     * mistaken for a whole one; two processes wait for each other.
     *
     * @param strip leading path elements to leave out
     */
    public static synchronized Path unpacked(Path dist, String name, int strip, Source source) {
        var folder = dist.resolve(name);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Files.createDirectories(dist);
            try (var channel = FileChannel.open(
                            dist.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = channel.lock()) {
                if (lock.isValid() && !Files.isDirectory(folder)) {
                    var partial = Files.createTempDirectory(dist, name + ".part");
                    try (var tar = new TarArchiveInputStream(new BufferedInputStream(source.open()))) {
                        unpack(tar, partial, strip);
                    }
                    Files.move(partial, folder);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new LocalFailure("Unpacking " + name + " into " + dist + " failed: " + e.getMessage(), e);
        }
    }

    private static void unpack(TarArchiveInputStream tar, Path into, int strip) throws IOException {
        for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
            var name = Path.of(entry.getName()).normalize();
            if (name.getNameCount() <= strip) {
                continue;
            }
            var target = into.resolve(name.subpath(strip, name.getNameCount())).normalize();
            if (!target.startsWith(into)) {
                throw new IOException("the archive names a file outside of it: " + entry.getName());
            }
            if (entry.isDirectory()) {
                Files.createDirectories(target);
                continue;
            }
            Files.createDirectories(target.getParent());
            if (entry.isSymbolicLink()) {
                Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            } else {
                Files.copy(tar, target);
                if ((entry.getMode() & OWNER_EXECUTES) != 0) {
                    Files.setPosixFilePermissions(
                            target,
                            EnumSet.of(
                                    PosixFilePermission.OWNER_READ,
                                    PosixFilePermission.OWNER_WRITE,
                                    PosixFilePermission.OWNER_EXECUTE));
                }
            }
        }
    }
}
