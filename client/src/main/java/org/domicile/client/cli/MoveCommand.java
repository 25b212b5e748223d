package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Moves;
import org.domicile.client.sdk.Session;
import org.domicile.client.sdk.Stack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "move",
        description = "Move an account to another region while it is in use, and follow it.",
        footer = "%nExample: ./domicile move 01890a5d-ac96-774b-bcce-b302099a8057 --to ap-southeast")
final class MoveCommand extends ClientCommand {
    private static final Set<String> FAILURES = Set.of("ABORTED", "QUARANTINED", "HELD", "REFUSED");
    private static final String LAST = "ATTESTED";
    private static final long POLL_MILLIS = 500;

    @Parameters(paramLabel = "ACCOUNT", description = "the account's id, or 'me' for the profile's own")
    String account;

    @Option(names = "--to", required = true, paramLabel = "REGION", description = "the new home region")
    String region;

    @Option(names = "--as-owner", description = "order it as the account's owner, not as the operator")
    boolean asOwner;

    @Option(names = "--dry-run", description = "only say whether it would be allowed")
    boolean dryRun;

    @Option(
            names = "--until",
            paramLabel = "STATE",
            defaultValue = LAST,
            description = "stop following at this state; default: ${DEFAULT-VALUE}")
    String until;

    @Override
    int run() throws IOException {
        Workplace workplace = workplace();
        String id = account.equals("me") ? workplace.profile().accountId : account;
        Moves moves = new Moves(asOwner ? workplace.session() : operator(workplace));
        JsonNode move = moves.order(id, region, dryRun);
        if (dryRun) {
            print(move);
            return OK;
        }
        return follow(moves, move);
    }

    private static Session operator(Workplace workplace) throws IOException {
        Stack stack = workplace.stack();
        if (stack.operator() == null) {
            throw new CommandException("stack.json names no operator: order the move with --as-owner");
        }
        DomicileClient client = workplace.client();
        return client.signIn(client.regions().any(), stack.operator());
    }

    private int follow(Moves moves, JsonNode ordered) throws IOException {
        String id = ordered.path("moveId").asText(ordered.path("id").asText());
        String shown = "";
        while (true) {
            JsonNode move = moves.get(id);
            String state = move.path("state").asText();
            String line = MoveText.line(move);
            if (!line.equals(shown)) {
                shown = line;
                say(line);
            }
            boolean failed = FAILURES.contains(state);
            if (failed || state.equals(LAST) || state.equals(until)) {
                if (json) {
                    print(move);
                }
                if (failed) {
                    throw new CommandException("The move ended as " + state + MoveText.reason(move));
                }
                return OK;
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("Following was interrupted; the move goes on");
        }
    }
}
