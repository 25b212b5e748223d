package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.domicile.client.http.ProblemException;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Region;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "confirm",
        description = {
            "Give a code that you were sent, with the reference that came with it.",
            "For guardians, who need no account and no profile, and for a sign-up that waits for its code."
        },
        footer = "%nExample: ./domicile account confirm 2f1c0a52-5e0b-4c57-9d0e-3f2b6f1f7a10 --code 123456")
final class AccountConfirmCommand extends ClientCommand {
    private static final int NOT_FOUND = 404;

    @Parameters(
            paramLabel = "REFERENCE",
            description = "a registration's id, or ACCOUNT/CONFIRMATION for what a minor has asked for")
    String reference;

    @Option(names = "--code", required = true, description = "the one-time code")
    String code;

    @Option(names = "--region", description = "where the sign-up is; without it all regions are asked")
    String region;

    @Override
    int run() throws IOException {
        DomicileClient client = workplace().client();
        return reference.contains("/") ? agreed(client.confirmAsGuardian(reference, code)) : registration(client);
    }

    private int agreed(JsonNode confirmed) {
        if (json) {
            print(confirmed);
        }
        say("Confirmed.");
        return OK;
    }

    private int registration(DomicileClient client) throws IOException {
        Optional<DomicileClient.Opened> opened = give(client);
        if (json) {
            ObjectNode answer = MAPPER.createObjectNode();
            opened.ifPresentOrElse(
                    o -> answer.put("accountId", o.accountId())
                            .put("homeRegion", o.home().id()),
                    () -> answer.put("waitsFor", "confirmation"));
            print(answer);
        }
        say(opened.map(o ->
                        "Account " + o.accountId() + " is open in " + o.home().id() + ".")
                .orElse("Confirmed. The account opens when the other code has been given too."));
        return OK;
    }

    /** A registration is known in one region, and its id does not say which. */
    private Optional<DomicileClient.Opened> give(DomicileClient client) throws IOException {
        Collection<Region> regions = region == null
                ? client.regions().regions().values()
                : List.of(client.regions().get(region));
        for (Region asked : regions) {
            try {
                return client.give(client.registration(reference, asked), code);
            } catch (ProblemException e) {
                if (e.status() != NOT_FOUND) {
                    throw e;
                }
            }
        }
        throw new CommandException("No region has a sign-up " + reference + " that waits: sign up again");
    }
}
