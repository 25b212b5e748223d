package org.domicile.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.Home;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints logs of parts. */
@Command(name = "logs", description = "Print the log of a part.", mixinStandardHelpOptions = true)
public final class LogsCommand implements Callable<Integer> {
    private static final String SUFFIX = ".log";

    @Parameters(
            paramLabel = "SERVICE",
            description = "As in status (cn-north-account), or without the region (account).")
    private String service;

    @Option(
            names = {"-n", "--lines"},
            defaultValue = "200",
            description = "Last lines of each (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var home = Home.locate();
        var logs = all(home);
        var chosen = logs.stream().filter(l -> matches(name(l))).toList();
        if (chosen.isEmpty()) {
            throw new LocalFailure("There is no log of \"" + service + "\" in " + home.folder()
                    + (logs.isEmpty()
                            ? "."
                            : ": choose from "
                                    + String.join(
                                            ", ",
                                            logs.stream().map(LogsCommand::name).toList()) + "."));
        }
        chosen.forEach(l -> print(l, chosen.size() > 1));
        return 0;
    }

    private boolean matches(String name) {
        return name.equals(service) || name.endsWith("-" + service);
    }

    private void print(Path log, boolean titled) {
        PrintWriter out = spec.commandLine().getOut();
        if (titled) {
            out.println("==> " + name(log) + " <==");
        }
        try {
            var all = Files.readAllLines(log);
            all.stream().skip(Math.max(0, all.size() - lines)).forEach(out::println);
        } catch (IOException e) {
            throw new LocalFailure("The log " + log + " cannot be read: " + e.getMessage(), e);
        }
        out.flush();
    }

    private static List<Path> all(Home home) {
        var folder = home.file("logs");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList();
        } catch (IOException e) {
            throw new LocalFailure("The folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String name(Path log) {
        var file = log.getFileName().toString();
        return file.substring(0, file.length() - SUFFIX.length());
    }
}
