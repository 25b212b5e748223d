package org.domicile.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The project's own files, as the checks read them. */
public final class Sources {
    private final Path root;

    private Sources(Path root) {
        this.root = root;
    }

    /** The project that holds this module: the system property {@code domicile.root}, else the folder above that has the launcher. */
    public static Sources here() {
        var given = System.getProperty("domicile.root");
        var folder = Path.of(given == null ? "" : given).toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("deploy/kubernetes"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("The project's folder is not found: set -Ddomicile.root to it.");
        }
        return new Sources(folder);
    }

    public Path path(String name) {
        return root.resolve(name);
    }

    public String read(String name) {
        try {
            return Files.readString(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files below a folder whose name ends so, in order, without what a build made. */
    public List<Path> files(String folder, String ending) {
        try (var files = Files.walk(path(folder))) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> f.toString().endsWith(ending))
                    .filter(f -> !root.relativize(f).toString().contains("target/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String relative(Path file) {
        return root.relativize(file).toString();
    }
}
