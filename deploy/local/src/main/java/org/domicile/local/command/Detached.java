package org.domicile.local.command;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.domicile.local.Domicile;
import org.domicile.local.LocalFailure;
import org.domicile.local.Stack;
import org.domicile.local.StackOptions;
import org.domicile.local.home.Home;
import org.domicile.local.process.StackLock;

/** Runs {@code up} in a process of its own and shows its lines until the stack is ready. */
record Detached(Home home, PrintWriter out) {
    private static final long LOOK_MILLIS = 100;

    int up(StackOptions options, boolean serversOnly, boolean optimise) throws InterruptedException {
        home.prepare();
        try (var lock = StackLock.take(home.file("lock")).orElseThrow(() -> Stack.alreadyRunning(home))) {
            home.forgetStack();
        }
        var log = home.log("launcher");
        try {
            Files.deleteIfExists(log);
            Files.createFile(log);
            var command = new ArrayList<String>();
            for (var setsid : List.of("/usr/bin/setsid", "/bin/setsid")) {
                if (command.isEmpty() && Files.isExecutable(Path.of(setsid))) {
                    command.add(setsid);
                }
            }
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx128m",
                    "-Ddomicile.root=" + home.sources(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Domicile.class.getName(),
                    "up",
                    "--regions",
                    String.join(",", options.regions())));
            if (serversOnly) {
                command.add("--servers-only");
            }
            if (optimise) {
                command.add("--optimise");
            }
            if (options.shop()) {
                command.add("--shop");
            }
            switch (options.packaging()) {
                case JAR -> {}
                case CACHED -> command.add("--aot");
                case EXECUTABLE -> command.add("--native");
            }
            var process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            return follow(process, log);
        } catch (IOException e) {
            throw new LocalFailure("The stack could not be started: " + e.getMessage(), e);
        }
    }

    private int follow(Process process, Path log) throws IOException, InterruptedException {
        var shown = new StringBuilder();
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            while (true) {
                var alive = process.isAlive();
                show(file, shown);
                if (!alive) {
                    return process.exitValue() == 0 ? 1 : process.exitValue();
                }
                if (shown.indexOf(UpCommand.LAST_LINE) >= 0) {
                    return 0;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }

    private void show(RandomAccessFile file, StringBuilder shown) throws IOException {
        var fresh = new byte[(int) (file.length() - file.getFilePointer())];
        file.readFully(fresh);
        var text = new String(fresh, StandardCharsets.UTF_8);
        shown.append(text);
        out.print(text);
        out.flush();
    }
}
