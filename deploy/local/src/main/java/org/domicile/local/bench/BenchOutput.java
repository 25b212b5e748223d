package org.domicile.local.bench;

import java.nio.file.Path;
import java.util.function.Function;
import org.domicile.client.cli.Terminal;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a benchmark's progress and results go: the options that all benchmarks share. */
public final class BenchOutput {
    @Option(names = "--json", description = "Print the results as JSON instead of a table.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where the results are written as JSON (default: a file named for what is measured, in bench/ of the"
                            + " stack's folder).")
    private Path out;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** For progress, and for the table in the end; beside JSON it is the standard error. */
    public Screen screen() {
        var line = command.commandLine();
        return new Screen(json ? line.getErr() : line.getOut(), Terminal.isInteractive());
    }

    /** @param name of the file, without its ending, unless one was given */
    public <R> void keep(Home home, String name, Function<R, String> table, Screen screen, ResultFile.Phases<R> phases)
            throws Exception {
        var file = out != null ? out : home.file("bench/" + name + ".json");
        new ResultFile<>(file, table)
                .keep(phases, screen, json ? command.commandLine().getOut() : null);
    }
}
