package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.domicile.client.http.ProblemException;
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
    private static final int UNKNOWN_ATTEMPTS = 40;

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

    @Option(
            names = "--receipts",
            paramLabel = "DIR",
            description = "keep the move's receipts here, for 'receipt verify'")
    Path receipts;

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
            JsonNode move = look(moves, id);
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
                keepReceipts(moves, move);
                if (failed) {
                    throw new CommandException("The move ended as " + state + MoveText.reason(move));
                }
                return OK;
            }
            pause();
        }
    }

    /** For a moment after the cut-over the new home may not know the move yet. */
    private static JsonNode look(Moves moves, String id) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return moves.get(id);
            } catch (ProblemException e) {
                if (e.status() != 404 || attempt == UNKNOWN_ATTEMPTS) {
                    throw e;
                }
                pause();
            }
        }
    }

    private void keepReceipts(Moves moves, JsonNode move) throws IOException {
        if (receipts == null) {
            return;
        }
        Files.createDirectories(receipts);
        for (JsonNode receipt : move.path("receipts")) {
            String id = receipt.path("id").asText();
            Path file = receipts.resolve(
                    receipt.path("kind").asText("receipt").replaceAll("[^A-Za-z0-9-]", "-") + "-" + id + ".jws");
            Files.writeString(file, moves.receipt(id));
            say("Receipt " + file);
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
