package org.domicile.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.domicile.client.sdk.Moves;

/** Orders a move as the operator and follows it, at whichever region coordinates it. */
public final class MoveWatch {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Set<String> FAILED = Set.of("ABORTED", "QUARANTINED");

    private final Moves moves;
    private final Screen screen;
    private final String id;

    private MoveWatch(Moves moves, Screen screen, String id) {
        this.moves = moves;
        this.screen = screen;
        this.id = id;
    }

    public static MoveWatch order(Moves moves, Screen screen, String account, String region) throws IOException {
        return new MoveWatch(
                moves, screen, moves.order(account, region, false).path("id").asText());
    }

    /** Waits until the move is in one of these states. */
    public JsonNode until(Set<String> states) throws IOException, InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        while (true) {
            var move = moves.get(id);
            var state = move.path("state").asText();
            if (states.contains(state)) {
                return move;
            }
            DemoFailure.unless(
                    !FAILED.contains(state),
                    "the move is %s: %s",
                    state,
                    move.path("reason").asText());
            DemoFailure.unless(Instant.now().isBefore(end), "the move is still %s after %s", state, PATIENCE);
            screen.progress("move " + state.toLowerCase(Locale.ROOT).replace('_', ' '));
            Thread.sleep(LOOK.toMillis());
        }
    }
}
