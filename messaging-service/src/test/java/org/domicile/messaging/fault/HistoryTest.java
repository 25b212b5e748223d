package org.domicile.messaging.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is not as promised is found. */
class HistoryTest {
    private static final Duration LASTING = Duration.ofMinutes(1);

    private final History history = new History(LASTING);

    @Test
    void as_promised() {
        var first = accepted(LASTING);
        var lost = sent(LASTING);
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
        var message = sent(LASTING);
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

    @Test
    void replaced_by_another_of_its_topic() {
        var replaced = topic();
        history.accepted(replaced);
        assertFalse(history.isComplete());
        var next = topic();
        assertFalse(history.isComplete(), "the next is only on its way");
        history.accepted(next);
        assertFalse(history.isComplete(), "the next has not arrived");
        arrives(next, "b");
        assertTrue(history.isComplete());
        assertEquals(1, history.replaced());
        history.check();
    }

    @Test
    void replaced_by_one_whose_answer_was_lost_if_that_has_arrived() {
        history.accepted(topic());
        var lost = topic();
        assertFalse(history.isComplete());
        arrives(lost, "b");
        history.check();
    }

    @Test
    void replaced_by_one_that_was_refused() {
        history.accepted(topic());
        history.refused(topic());
        assertWrong();
    }

    @Test
    void after_another_of_its_topic_was_accepted() {
        var replaced = topic();
        history.accepted(replaced);
        var before = System.nanoTime();
        var next = topic();
        history.accepted(next);
        history.arrived(replaced, "a", before);
        arrives(next, "b");
        history.check();
        arrives(replaced, "a");
        assertWrong();
    }

    @Test
    void of_ttl_0_and_twice() {
        var before = System.nanoTime();
        var message = accepted(Duration.ZERO);
        history.arrived(message, "a", before);
        history.check();
        assertEquals(1, history.arrivedAtOnce());
        history.arrived(message, "a", before);
        assertWrong();
    }

    @Test
    void a_receipt_of_what_never_arrived() {
        history.receipt(accepted(Duration.ofSeconds(1)), 204);
        assertWrong();
    }

    @Test
    void a_receipt_that_gives_up_what_arrived() {
        var message = accepted(LASTING);
        arrives(message, "a");
        history.receipt(message, 410);
        assertWrong();
    }

    private long accepted(Duration ttl) {
        var message = sent(ttl);
        history.accepted(message);
        return message;
    }

    private long sent(Duration ttl) {
        return history.sent(1, ttl, Optional.empty());
    }

    private long topic() {
        return history.sent(1, LASTING, Optional.of("topic"));
    }

    private void arrives(long message, String version) {
        history.arrived(message, version, System.nanoTime());
    }

    private void assertWrong() {
        assertThrows(AssertionError.class, history::check);
    }
}
