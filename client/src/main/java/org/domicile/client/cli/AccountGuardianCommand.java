package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "guardian",
        description = "What a minor's account and its guardian do: see who it is, switch a feature off, come of age.",
        subcommands = {
            AccountGuardianCommand.Show.class,
            AccountGuardianCommand.End.class,
            AccountGuardianCommand.Withdraw.class
        })
final class AccountGuardianCommand extends CommandGroup {
    @Command(
            name = "show",
            description = "Show who confirms for this account, and until when at most.",
            footer = "%nExample: ./domicile account guardian show")
    static final class Show extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            JsonNode guardian = workplace.account().guardian();
            workplace.save();
            print(guardian);
            return OK;
        }
    }

    @Command(
            name = "end",
            description = "Say that you are a minor no more: the guardian confirms it, for the last time.",
            footer = "%nExample: ./domicile account guardian end")
    static final class End extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            JsonNode waiting = workplace.account().comeOfAge().path("waiting").path(0);
            String account = workplace.session().accountId();
            workplace.save();
            if (json) {
                print(waiting);
            }
            say(
                    waiting.isMissingNode()
                            ? "This account has no guardian."
                            : asked(account, waiting.path("confirmationId").asText()));
            return OK;
        }
    }

    @Command(
            name = "withdraw",
            description = "As the guardian: switch a feature of a minor's account off. A code is sent to you.",
            footer = "%nExample: ./domicile account guardian withdraw backup --account"
                    + " 0198c0de-0000-7000-8000-000000000001")
    static final class Withdraw extends ClientCommand {
        @Parameters(paramLabel = "FEATURE", description = "backup, messaging, discoverability or diagnostics")
        String feature;

        @Option(names = "--account", required = true, paramLabel = "ID", description = "the minor's account")
        String account;

        @Override
        int run() throws IOException {
            JsonNode waiting = workplace().client().withdrawAsGuardian(account, feature);
            if (json) {
                print(waiting);
            }
            say(asked(account, waiting.path("confirmationId").asText()));
            return OK;
        }
    }

    /** What to do with the code that the guardian was sent. */
    static String asked(String account, String confirmation) {
        return "The guardian was sent a code. They confirm with\n  ./domicile account confirm " + account + "/"
                + confirmation + " --code CODE";
    }
}
