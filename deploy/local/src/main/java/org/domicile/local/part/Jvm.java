package org.domicile.local.part;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.domicile.local.LocalFailure;

/** Starts Java servers with the Java that runs the launcher, sized for a laptop. */
public final class Jvm {
    static final String HOME = System.getProperty("java.home");

    private static final int CACHES_SINCE = 25;

    /** Set for a stack that runs for minutes, as the demo's and the tests': it ends before the optimising compiler has paid. */
    private static final String QUICKLY = "domicile.compile-quickly";

    private Jvm() {}

    /** For all that is started from now on. */
    public static void compileQuickly(boolean quickly) {
        System.setProperty(QUICKLY, Boolean.toString(quickly));
    }

    public static boolean compilesQuickly() {
        return Boolean.getBoolean(QUICKLY);
    }

    /** For servers with little to compute: spares the time of the optimising compiler, and its fast ciphers and digests. */
    static final String COMPILES_QUICKLY = "-XX:TieredStopAtLevel=1";

    /**
     * Options with which the server starts faster from its second start on: the JVM writes the classes it loaded to an
     * archive when it first ends.
     */
    static String[] startsFaster(Path folder) {
        return new String[] {
            "-XX:+AutoCreateSharedArchive",
            "-XX:SharedArchiveFile=" + folder.resolve("classes.jsa"),
            "-Xlog:cds=off",
            "-Xlog:aot=off"
        };
    }

    /**
     * The same for a program of one class path, with more than classes (JEP 483, 514): the JVM writes the cache when the process
     * ends, and the next start uses it unless the program is newer.
     */
    static String[] startsAsBefore(Path cache, Path program) {
        if (Runtime.version().feature() < CACHES_SINCE) {
            throw new LocalFailure("--aot needs JDK " + CACHES_SINCE + " or newer; this is "
                    + Runtime.version().feature() + ". Set JAVA_HOME to one.");
        }
        var isThere = cache.toFile().lastModified() > program.toFile().lastModified();
        return new String[] {isThere ? "-XX:AOTCache=" + cache : "-XX:AOTCacheOutput=" + cache, "-Xlog:aot=off"};
    }

    /** @param heapMegabytes the most that the heap grows to */
    static List<String> command(int heapMegabytes, String[] options, String... rest) {
        var command = command(heapMegabytes, options);
        command.addAll(List.of(rest));
        return command;
    }

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
        if (compilesQuickly()) {
            command.add(COMPILES_QUICKLY);
        }
        command.addAll(List.of(rest));
        return command;
    }
}
