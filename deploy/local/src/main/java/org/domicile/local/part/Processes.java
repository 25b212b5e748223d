package org.domicile.local.part;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who runs this process. */
final class Processes {
    private Processes() {}

    static boolean isRoot() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }
}
