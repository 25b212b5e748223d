package org.domicile.local.part;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts Java servers with the Java that runs the launcher, sized for a laptop. */
final class Jvm {
    static final String HOME = System.getProperty("java.home");

    private Jvm() {}

    /** @param heapMegabytes the most that the heap grows to */
    static List<String> command(int heapMegabytes, String... rest) {
        var command = new ArrayList<>(List.of(
                Path.of(HOME, "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms32m",
                "-Xmx" + heapMegabytes + "m",
                "-XX:MinHeapFreeRatio=20",
                "-XX:MaxHeapFreeRatio=40",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.net.preferIPv4Stack=true",
                "-Dfile.encoding=UTF-8"));
        command.addAll(List.of(rest));
        return command;
    }
}
