package org.domicile.local.bench;

import org.domicile.local.bench.account.AccountBenchCommand;
import org.domicile.local.bench.messaging.MessagingBenchCommand;
import org.domicile.local.bench.start.StartBenchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks, each beside its peer in one run. */
@Command(
        name = "bench",
        description = "Measure the product beside its peers, in one run on the same stores and data.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "NAME",
        subcommands = {
            AccountBenchCommand.class,
            BackupBenchCommand.class,
            MessagingBenchCommand.class,
            MigrationBenchCommand.class,
            StartBenchCommand.class
        })
public final class BenchCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Without a name: which there are. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
