package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "consent",
        description = "Switch features on or off: backup, messaging, discoverability, diagnostics.",
        subcommands = {
            ConsentCommand.On.class,
            ConsentCommand.Off.class,
            ConsentCommand.ListAll.class,
            ConsentVerifyCommand.class
        })
final class ConsentCommand extends CommandGroup {
    abstract static class Change extends ClientCommand {
        @Parameters(
                arity = "1..*",
                paramLabel = "FEATURE",
                description = "backup, messaging, discoverability or diagnostics")
        List<String> features;

        @Option(
                names = "--policy",
                paramLabel = "VERSION",
                description = "version of the policy you agree to; default: that of the text shown")
        String policyVersion;

        abstract boolean granted();

        /** @param text what the feature means */
        abstract void explain(String text);

        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            JsonNode texts = workplace.account().consents().path("texts");
            for (String feature : features) {
                JsonNode text = required(texts, feature);
                explain(text.path("text").asText());
                String version = policyVersion == null ? text.path("version").asText() : policyVersion;
                JsonNode state = workplace.account().consent(feature, granted(), version);
                if (json) {
                    print(state);
                }
                say(
                        state.hasNonNull("waitsFor")
                                ? waits(workplace, feature, state)
                                : feature + " is " + (granted() ? "on." : "off."));
            }
            workplace.save();
            return OK;
        }

        private static JsonNode required(JsonNode texts, String feature) {
            if (!texts.has(feature)) {
                List<String> known = new ArrayList<>();
                texts.fieldNames().forEachRemaining(known::add);
                throw new IllegalArgumentException(
                        "There is no feature " + feature + ": use one of " + String.join(", ", known));
            }
            return texts.path(feature);
        }

        private static String waits(Workplace workplace, String feature, JsonNode state) throws IOException {
            return feature + " stays off until the guardian agrees. "
                    + AccountGuardianCommand.asked(
                            workplace.session().accountId(),
                            state.path("confirmationId").asText());
        }
    }

    @Command(name = "on", description = "Agree to a feature.", footer = "%nExample: ./domicile consent on backup")
    static final class On extends Change {
        @Override
        boolean granted() {
            return true;
        }

        /** With {@code --json} beside the output that is for scripts. */
        @Override
        void explain(String text) {
            if (json) {
                warn(text);
            } else {
                say(text);
            }
        }
    }

    @Command(
            name = "off",
            description = "Withdraw consent: storage ends, and what is stored is purged after a stated grace.",
            footer = "%nExample: ./domicile consent off messaging")
    static final class Off extends Change {
        @Override
        boolean granted() {
            return false;
        }

        @Override
        void explain(String text) {
            // said when it was switched on
        }
    }

    @Command(name = "list", description = "Show what is on.", footer = "%nExample: ./domicile consent list")
    static final class ListAll extends ClientCommand {
        @Override
        int run() throws IOException {
            Workplace workplace = workplace();
            print(workplace.account().consents());
            workplace.save();
            return OK;
        }
    }
}
