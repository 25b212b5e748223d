package org.domicile.client.cli;

import picocli.CommandLine.Command;

@Command(
        name = "wave",
        description = "Move many accounts by one order: begin, follow, stop and undo waves.",
        subcommands = {
            WaveCreateCommand.class,
            WaveShowCommand.class,
            WaveListCommand.class,
            WaveTellCommand.Pause.class,
            WaveTellCommand.Resume.class,
            WaveTellCommand.Cancel.class,
            WaveTellCommand.Rollback.class
        })
final class WaveCommand extends CommandGroup {}
