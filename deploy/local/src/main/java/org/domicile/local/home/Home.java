package org.domicile.local.home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.domicile.local.LocalFailure;

/**
 * Where things are: the sources that were built, and the folder with the data of one local stack.
 *
 * @param sources the root of the repository
 * @param folder the data, readable by its owner only ({@code .domicile}, or {@code $DOMICILE_HOME})
 */
public record Home(Path sources, Path folder) {
    private static final long LEAST_FREE_BYTES = 1L << 30;

    /** The home of this process: system property {@code domicile.root}, or the repository around the working folder. */
    public static Home locate() {
        var sources = findSources();
        var override = System.getenv("DOMICILE_HOME");
        var folder = override == null || override.isBlank() ? sources.resolve(".domicile") : Path.of(override);
        return new Home(sources, folder.toAbsolutePath().normalize());
    }

    private static Path findSources() {
        var named = System.getProperty("domicile.root");
        if (named != null) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        for (var p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            if (Files.isRegularFile(p.resolve("deploy/local/pom.xml"))) {
                return p;
            }
        }
        throw new LocalFailure("This is not inside Domicile's folder: change to it, or set -Ddomicile.root.");
    }

    /** Makes the folder if needed, for its owner only, and refuses to go on when its disk is nearly full. */
    public void prepare() {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            for (var name : new String[] {"logs", "run", "codes", "keys", "dist"}) {
                Files.createDirectories(folder.resolve(name));
            }
            var free = Files.getFileStore(folder).getUsableSpace();
            if (free < LEAST_FREE_BYTES) {
                throw new LocalFailure(
                        "The disk of " + folder + " has " + (free >> 20)
                                + " MB left and the stack needs 1024 MB: free some space, or set DOMICILE_HOME to another disk.");
            }
        } catch (IOException e) {
            throw new LocalFailure("The folder " + folder + " cannot be made or written: " + e.getMessage(), e);
        }
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    public Path log(String part) {
        return folder.resolve("logs").resolve(part + ".log");
    }

    /** The working folder of a part, made if needed. */
    public Path folderOf(String region, String part) {
        try {
            return Files.createDirectories(folder.resolve(region).resolve(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unpacked servers; {@code DOMICILE_DIST} lets several stacks share one copy. */
    public Path dist() {
        var override = System.getenv("DOMICILE_DIST");
        return override == null || override.isBlank()
                ? folder.resolve("dist")
                : Path.of(override).toAbsolutePath();
    }

    public Path stackFile() {
        return folder.resolve("stack.json");
    }

    /** No stack runs here any more. */
    public void forgetStack() {
        try {
            Files.deleteIfExists(stackFile());
        } catch (IOException e) {
            throw new LocalFailure("The file " + stackFile() + " cannot be removed: " + e.getMessage(), e);
        }
    }

    /** How {@code stack.json} names a file: relative to the folder that holds {@code .domicile}. */
    public String published(String name) {
        return folder.getFileName().toString().equals(".domicile") ? ".domicile/" + name : folder + "/" + name;
    }
}
