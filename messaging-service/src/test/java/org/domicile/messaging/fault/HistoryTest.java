package org.domicile.messaging.fault;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is not as promised is found. */
class HistoryTest {
    private static final Duration LASTING = Duration.ofMinutes(1);

    private final History history = new History(LASTING);

    @Test
    void as_promised() {
        var first = accepted(LASTING);
        var lost = history.sent(1, LASTING);
        var second = accepted(LASTING);
        assertFalse(history.isComplete());
        arrives(first, "a");
        arrives(first, "a");
        arrives(lost, "b");
        arrives(second, "c");
        accepted(Duration.ofSeconds(1));
        assertTrue(history.isComplete());
        history.check();
    }

    @Test
    void accepted_and_never_arrived() {
        accepted(LASTING);
        assertWrong();
    }

    @Test
    void under_two_versions() {
        var message = accepted(LASTING);
        arrives(message, "a");
        arrives(message, "b");
        assertWrong();
    }

    @Test
    void refused_and_arrived() {
        var message = history.sent(1, LASTING);
        history.refused(message);
        arrives(message, "a");
        assertWrong();
    }

    @Test
    void in_another_order() {
        var first = accepted(LASTING);
        var second = accepted(LASTING);
        arrives(second, "b");
        arrives(first, "a");
        assertWrong();
    }

    @Test
    void after_its_time() {
        arrives(accepted(Duration.ZERO), "a");
        assertWrong();
    }

    private long accepted(Duration ttl) {
        var message = history.sent(1, ttl);
        history.accepted(message);
        return message;
    }

    private void arrives(long message, String version) {
        history.arrived(message, version, System.nanoTime());
    }

    private void assertWrong() {
        assertThrows(AssertionError.class, history::check);
    }
}
