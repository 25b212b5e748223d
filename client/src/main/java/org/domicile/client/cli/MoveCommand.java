package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import org.domicile.client.sdk.Moves;
import org.domicile.client.sdk.Region;
import org.domicile.client.sdk.Session;
import org.domicile.client.sdk.Stack;
import picocli.CommandLine.ArgGroup;
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

    @ArgGroup(multiplicity = "1")
    Wanted wanted;

    /** One of these. */
    static final class Wanted {
        @Option(names = "--to", paramLabel = "REGION", description = "the new home region")
        String region;

        @Option(names = "--back", description = "back to the old home, while it still has its copy")
        boolean back;

        @Option(
                names = "--hold",
                paramLabel = "REASON",
                description = "a legal hold: the old home's copy is kept until --release")
        String hold;

        @Option(names = "--release", description = "end a legal hold")
        boolean release;
    }

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
        if (wanted.region == null) {
            return soaking(workplace, id);
        }
        Moves moves = new Moves(asOwner ? workplace.session() : operator(workplace));
        JsonNode move = moves.order(id, wanted.region, dryRun);
        if (dryRun) {
            print(move);
            return OK;
        }
        return follow(moves, move);
    }

    /** What is done with a move whose account soaks at its new home. */
    private int soaking(Workplace workplace, String account) throws IOException {
        String state = wanted.release ? "HELD" : "SOAK";
        for (Region region : workplace.client().regions().regions().values()) {
            Moves moves = new Moves(operator(workplace, region));
            for (JsonNode move : moves.of(account)) {
                if (move.path("state").asText().equals(state)) {
                    return soaking(moves, move.path("id").asText());
                }
            }
        }
        throw new CommandException("No move of this account is in " + state + ": its old home's copy is "
                + (wanted.release ? "not held" : "gone, or held"));
    }

    private int soaking(Moves moves, String id) throws IOException {
        if (wanted.back) {
            return follow(moves, moves.back(id));
        }
        JsonNode move = wanted.release ? moves.release(id) : moves.hold(id, wanted.hold);
        if (json) {
            print(move);
        } else {
            say(MoveText.line(move));
        }
        return OK;
    }

    private static Session operator(Workplace workplace) throws IOException {
        return operator(workplace, workplace.client().regions().any());
    }

    private static Session operator(Workplace workplace, Region region) throws IOException {
        Stack stack = workplace.stack();
        if (stack.operator() == null) {
            throw new CommandException("stack.json names no operator: order the move with --as-owner");
        }
        return workplace.client().signIn(region, stack.operator());
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
