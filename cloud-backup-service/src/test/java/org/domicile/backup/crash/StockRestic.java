package org.domicile.backup.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The restic program as the distribution ships it, on one repository. */
record StockRestic(String repository, Path folder) {
    static final Path PROGRAM = Path.of("/usr/bin/restic");

    Process start(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(PROGRAM.toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("restic.log").toFile()));
        builder.environment().put("RESTIC_REPOSITORY", repository);
        builder.environment().put("RESTIC_PASSWORD", "correct horse");
        builder.environment().put("RESTIC_CACHE_DIR", folder.resolve("cache").toString());
        return builder.start();
    }

    int run(String... arguments) throws IOException, InterruptedException {
        return ended(start(arguments));
    }

    int ended(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("restic did not end: " + log());
        }
        return process.exitValue();
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("restic.log"));
    }
}
