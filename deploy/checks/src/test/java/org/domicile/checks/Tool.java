package org.domicile.checks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A command of an operator's, if this machine has it. */
public record Tool(String name) {
    /** Whether it can be run; {@code arguments} ask for its version. */
    public boolean isInstalled(String... arguments) throws InterruptedException {
        try {
            return run(Path.of("."), arguments).code() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** What it says in {@code folder}, errors included. */
    public Answer run(Path folder, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(name));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }

    /** Its exit status and what it printed. */
    public record Answer(int code, String text) {}
}
