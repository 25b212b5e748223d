package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "account",
        description = "Open, sign in to, show, export or erase an account.",
        subcommands = {
            AccountCreateCommand.class,
            AccountSignInCommand.class,
            AccountCommand.Show.class,
            AccountCommand.Export.class,
            AccountCommand.Erase.class
        })
final class AccountCommand extends CommandGroup {

    @Command(
            name = "show",
            description = "Show the account and where it lives.",
            footer = "%nExample: ./domicile account show --json")
    static final class Show extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            JsonNode account = workplace.account().show();
            workplace.save();
            print(account);
            return OK;
        }
    }

    @Command(
            name = "export",
            description = "Order an archive of everything stored.",
            footer = "%nExample: ./domicile account export")
    static final class Export extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            print(workplace.account().export());
            workplace.save();
            return OK;
        }
    }

    @Command(
            name = "erase",
            description = "Erase the account and everything in it. There is no way back.",
            footer = "%nExample: ./domicile account erase --yes")
    static final class Erase extends ClientCommand {
        @Option(names = "--yes", description = "do not ask")
        boolean yes;

        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            workplace.profile();
            if (!yes) {
                throw new CommandException(
                        "This erases backups, messages and the account for good: say --yes if you mean it");
            }
            print(workplace.account().erase());
            workplace.save();
            return OK;
        }
    }
}
