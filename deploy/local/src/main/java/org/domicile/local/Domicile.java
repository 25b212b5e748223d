package org.domicile.local;

import org.domicile.client.cli.ClientCommands;
import org.domicile.local.bench.BenchCommand;
import org.domicile.local.command.CleanCommand;
import org.domicile.local.command.DownCommand;
import org.domicile.local.command.LogsCommand;
import org.domicile.local.command.StatusCommand;
import org.domicile.local.command.UpCommand;
import org.domicile.local.demo.DemoCommand;
import org.domicile.local.doctor.DoctorCommand;
import org.domicile.local.topics.TopicsCommand;
import org.domicile.participant.ParticipantCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program behind {@code ./domicile}: runs the local stack, and acts as its users and operator. */
@Command(
        name = "domicile",
        description = "The cloud behind a phone, on this computer.",
        mixinStandardHelpOptions = true,
        version = "domicile 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            BenchCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            CleanCommand.class,
            DoctorCommand.class,
            TopicsCommand.class,
            ParticipantCommand.class
        })
public final class Domicile implements Runnable {
    private static final int FAILED = 1;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The program, for who runs it within another process. */
    public static CommandLine commandLine() {
        var line = new CommandLine(new Domicile());
        ClientCommands.commands().forEach(line::addSubcommand);
        line.setExecutionExceptionHandler((failure, failed, parsed) -> {
            if (failure instanceof LocalFailure known) {
                failed.getErr().println(known.getMessage());
                return FAILED;
            }
            throw failure;
        });
        return line;
    }

    /** Without a command: how to use it. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
