package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "passkey",
        description = "See and remove the passkeys that sign in to the account.",
        subcommands = {AccountPasskeyCommand.ListAll.class, AccountPasskeyCommand.Remove.class})
final class AccountPasskeyCommand extends CommandGroup {
    @Command(
            name = "list",
            description = "Show the passkeys: what they are called, and since when.",
            footer = "%nExample: ./domicile account passkey list")
    static final class ListAll extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            JsonNode passkeys = workplace.account().passkeys();
            workplace.save();
            print(passkeys);
            return OK;
        }
    }

    @Command(
            name = "remove",
            description =
                    "Remove a passkey, for instance of a phone that was lost. Sessions go on: see 'account session end'.",
            footer = "%nExample: ./domicile account passkey remove 2f1c0a52-5e0b-4c57-9d0e-3f2b6f1f7a10")
    static final class Remove extends ClientCommand {
        @Parameters(paramLabel = "ID", description = "see 'account passkey list'")
        String id;

        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            workplace.account().removePasskey(id);
            workplace.save();
            say("The passkey is removed.");
            return OK;
        }
    }
}
