package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "session",
        description = "See where the account is signed in, and end sessions.",
        subcommands = {AccountSessionCommand.ListAll.class, AccountSessionCommand.End.class})
final class AccountSessionCommand extends CommandGroup {
    @Command(
            name = "list",
            description = "Show where the account is signed in.",
            footer = "%nExample: ./domicile account session list")
    static final class ListAll extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            JsonNode sessions = workplace.account().sessions();
            workplace.save();
            print(sessions);
            return OK;
        }
    }

    @Command(
            name = "end",
            description = "End a session, or all but this one.",
            footer = "%nExample: ./domicile account session end --others")
    static final class End extends ClientCommand {
        @ArgGroup(multiplicity = "1")
        Which which;

        static final class Which {
            @Parameters(paramLabel = "ID", description = "see 'account session list'")
            String id;

            @Option(names = "--others", description = "all but this one")
            boolean others;
        }

        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            if (which.others) {
                workplace.account().endOtherSessions();
            } else {
                workplace.account().endSession(which.id);
            }
            workplace.save();
            say(which.others ? "All other sessions have ended." : "The session has ended.");
            return OK;
        }
    }
}
