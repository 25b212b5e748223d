package org.domicile.client.cli;

import picocli.CommandLine.Command;

@Command(
        name = "message",
        description = "Messages from device to device, readable only there.",
        subcommands = {MessageSendCommand.class, MessageListenCommand.class})
final class MessageCommand extends CommandGroup {}
