package org.domicile.local.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.Home;
import org.domicile.local.process.PidFiles;
import org.domicile.local.process.StackLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Removes the local stack's data: every account, backup and message in it. */
@Command(
        name = "clean",
        description = "Remove the stopped stack's data: accounts, backups, messages, keys.",
        mixinStandardHelpOptions = true)
public final class CleanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var home = Home.locate();
        var folder = home.folder();
        var out = spec.commandLine().getOut();
        if (!Files.exists(folder)) {
            out.println("There is nothing to remove: " + folder + " does not exist.");
            return 0;
        }
        if (!Files.exists(home.file("lock")) || !Files.isDirectory(home.file("run"))) {
            throw new LocalFailure("The folder " + folder + " is not of a local stack, so nothing was removed.");
        }
        try (var lock = StackLock.take(home.file("lock")).orElseThrow(CleanCommand::running)) {
            if (!new PidFiles(home.file("run")).running().isEmpty()) {
                throw running();
            }
            remove(folder);
        } catch (IOException e) {
            throw new LocalFailure("The folder " + folder + " could not be removed: " + e.getMessage(), e);
        }
        out.println("Removed " + folder + ".");
        return 0;
    }

    private static LocalFailure running() {
        return new LocalFailure("The stack is running: ./domicile down stops it, then clean again.");
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
