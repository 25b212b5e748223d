package org.domicile.system;

import static org.domicile.system.StartedStack.CN;
import static org.domicile.system.StartedStack.SG;
import static org.domicile.system.StartedStack.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Moves;

/** Orders what becomes of one account, asks until there is an answer, and orders again what was given up. */
final class PatientOperator {
    /** No bar: on a busy computer a service that was killed takes minutes to start. */
    static final Duration PATIENCE = Duration.ofMinutes(12);

    static final Duration LOOK = Duration.ofMillis(100);
    /** Its copy at the old home is gone, or is going. */
    static final String STAYED = "STAYED";

    private static final Set<String> GONE = Set.of("PURGING", "ATTESTED");
    private static final Set<String> ARRIVED = Set.of("SOAK", "CHECKING", "PURGING", "ATTESTED");
    private static final Set<String> GIVEN_UP = Set.of("ABORTED", "QUARANTINED");
    private static final int ORDERS = 8;

    private final String account;

    PatientOperator(UUID account) {
        this.account = account.toString();
    }

    /** Moves the account from {@code cn-north} to {@code ap-southeast}. @return each order's end; the last has arrived */
    String move() throws InterruptedException {
        return repeat(CN, moves -> {
            var move = found(moves, CN, SG);
            return move.isPresent() ? move : Optional.of(moves.order(account, SG, false));
        });
    }

    /**
     * Takes the account's move back while it soaks.
     *
     * @return each order's end; the last has arrived, or is {@link #STAYED}
     */
    String rollBack() throws InterruptedException {
        return repeat(SG, moves -> {
            var rollback = found(moves, SG, CN);
            var move = moved(moves);
            if (rollback.isPresent()) {
                return rollback;
            }
            return GONE.contains(state(move)) ? Optional.empty() : Optional.of(moves.back(id(move)));
        });
    }

    /** Holds the account where it soaks. @return HELD, or {@link #STAYED} */
    String hold() throws InterruptedException {
        return patiently(SG, moves -> {
            var move = moved(moves);
            return switch (state(move)) {
                case "HELD" -> Optional.of("HELD");
                case "SOAK" -> Optional.of(state(moves.hold(id(move), "a court's order")));
                default -> Optional.of(STAYED).filter(stayed -> GONE.contains(state(move)));
            };
        });
    }

    /** Ends the hold. */
    void release() throws InterruptedException {
        patiently(SG, moves -> {
            var move = moved(moves);
            return Optional.of(state(state(move).equals("HELD") ? moves.release(id(move)) : move));
        });
    }

    /** The new home has heard that the old one is empty. */
    void awaitAttested() throws InterruptedException {
        patiently(SG, moves -> Optional.of(state(moved(moves))).filter("ATTESTED"::equals));
    }

    /** What a region's migration-service is asked for. */
    private interface Ask<T> {
        T of(Moves moves) throws IOException;
    }

    /** @param order empty: it is too late for one */
    private String repeat(String source, Ask<Optional<JsonNode>> order) throws InterruptedException {
        var told = new ArrayList<String>();
        while (told.size() < ORDERS) {
            var ordered = patiently(source, moves -> Optional.of(order.of(moves)));
            told.add(ordered.isPresent() ? follow(source, id(ordered.get())) : STAYED);
            if (!GIVEN_UP.contains(told.getLast())) {
                return String.join(", then ", told);
            }
        }
        throw new AssertionError("given up " + ORDERS + " times: " + told);
    }

    private String follow(String source, String id) throws InterruptedException {
        return patiently(source, moves -> {
            var move = moves.get(id);
            return Optional.of(state(move)).filter(state -> ARRIVED.contains(state) || isGivenUp(move));
        });
    }

    private JsonNode moved(Moves moves) throws IOException {
        return found(moves, CN, SG).orElseThrow(() -> new IOException("the account's move is not known here"));
    }

    /** The newest that was not given up; of an order whose answer was lost, too. */
    private Optional<JsonNode> found(Moves moves, String from, String to) throws IOException {
        for (var move : moves.of(account)) {
            if (move.path("from").asText().equals(from)
                    && move.path("to").asText().equals(to)) {
                return Optional.of(move).filter(newest -> !isGivenUp(newest));
            }
        }
        return Optional.empty();
    }

    private static boolean isGivenUp(JsonNode move) {
        return GIVEN_UP.contains(state(move)) && move.path("settled").asBoolean();
    }

    private static String state(JsonNode move) {
        return move.path("state").asText();
    }

    private static String id(JsonNode move) {
        return move.path("id").asText();
    }

    private static <T> T patiently(String region, Ask<Optional<T>> ask) throws InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        var last = "";
        Moves moves = null;
        while (Instant.now().isBefore(end)) {
            try {
                if (moves == null) {
                    var operator = DomicileClient.of(client());
                    moves = new Moves(operator.signIn(operator.regions().get(region), client().operator()));
                }
                var answer = ask.of(moves);
                if (answer.isPresent()) {
                    return answer.get();
                }
            } catch (IOException e) {
                last = e.getMessage(); // a service is down for a while, or has not heard of the account yet
            }
            Thread.sleep(LOOK);
        }
        throw new AssertionError("no answer after " + PATIENCE + " " + last);
    }
}
