package org.domicile.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.domicile.local.LocalFailure;

/** Runs programs of the distribution and takes their time. */
final class Programs {
    private Programs() {}

    static void require(String name) {
        var path = System.getenv().getOrDefault("PATH", "");
        if (Arrays.stream(path.split(":")).noneMatch(folder -> Files.isExecutable(Path.of(folder, name)))) {
            throw new LocalFailure("This benchmark needs " + name + ": install it (apt-get install " + name + ").");
        }
    }

    static Process start(Path log, Map<String, String> environment, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // what a person has set for their own stores must not reach these
        builder.environment().keySet().removeIf(name -> name.matches("(AWS|RCLONE|RESTIC)_.*"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** The first one's output is the other one's input. @return how long both took */
    static Duration timePipe(
            Path log,
            Map<String, String> environment,
            List<String> command,
            Map<String, String> otherEnvironment,
            List<String> other)
            throws IOException, InterruptedException {
        var first = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        first.environment().putAll(environment);
        var second = new ProcessBuilder(other)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        second.environment().putAll(otherEnvironment);
        Files.deleteIfExists(log);
        var begin = System.nanoTime();
        var processes = ProcessBuilder.startPipeline(List.of(first, second));
        try {
            for (var process : processes) {
                if (process.waitFor() != 0) {
                    throw new LocalFailure(String.join(" ", command) + " | " + String.join(" ", other) + " ended with "
                            + process.exitValue() + ": " + Files.readString(log));
                }
            }
        } finally {
            processes.forEach(Process::destroy);
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** @return how long it took; a failure of the program is one of the benchmark */
    static Duration time(Path log, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        var begin = System.nanoTime();
        var process = start(log, environment, command);
        try {
            var code = process.waitFor();
            if (code != 0) {
                throw new LocalFailure(
                        String.join(" ", command) + " ended with " + code + ": " + Files.readString(log));
            }
        } finally {
            process.destroy();
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
