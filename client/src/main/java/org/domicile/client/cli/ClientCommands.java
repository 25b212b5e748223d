package org.domicile.client.cli;

import java.util.List;

/** The commands of the owner, for the launcher to add to its own. */
public final class ClientCommands {
    private ClientCommands() {}

    /** Picocli command classes, each with a constructor without parameters. */
    public static List<Class<?>> commands() {
        return List.of(
                AccountCommand.class,
                ConsentCommand.class,
                DeviceCommand.class,
                BackupCommand.class,
                SnapshotsCommand.class,
                RestoreCommand.class,
                VerifyCommand.class,
                RecoveryCommand.class,
                MessageCommand.class,
                MoveCommand.class,
                WaveCommand.class,
                ReceiptCommand.class,
                RetentionCommand.class);
    }
}
