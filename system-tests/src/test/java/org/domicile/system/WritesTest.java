package org.domicile.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the checker finds what is wrong: each breach is planted. */
class WritesTest {
    private final Writes writes = new Writes("message");

    @BeforeEach
    void written() {
        for (var id : List.of("a", "b", "c", "d")) {
            writes.begun(id);
        }
        for (var id : List.of("a", "b", "c")) {
            writes.acknowledged(id);
        }
        writes.deleting("c");
    }

    @Test
    void what_was_not_acknowledged_may_be_there_or_not() {
        assertEquals(List.of(), writes.breaches(List.of("a", "b")));
        assertEquals(List.of(), writes.breaches(List.of("b", "d", "c", "a")));
        assertEquals(3, writes.acknowledged());
    }

    @Test
    void an_acknowledged_write_that_is_not_there_is_lost() {
        assertEquals(List.of("the acknowledged message \"b\" is lost"), writes.breaches(List.of("a")));
    }

    @Test
    void a_write_that_is_there_twice_is_a_breach() {
        assertEquals(List.of("the message \"a\" is there twice"), writes.breaches(List.of("a", "b", "a")));
    }

    @Test
    void what_nobody_wrote_is_a_breach() {
        assertEquals(List.of("the message \"x\" was never written"), writes.breaches(List.of("a", "b", "x")));
    }

    @Test
    void what_was_deleted_does_not_come_back() {
        writes.deleted("c");
        assertEquals(List.of("the deleted message \"c\" is there again"), writes.breaches(List.of("a", "b", "c")));
        assertEquals(List.of(), writes.breaches(List.of("a", "b")));
    }

    @Test
    void a_read_shows_what_was_acknowledged_and_what_was_read_before() {
        assertEquals(Set.of("a", "b"), writes.known());
        assertEquals(List.of(), writes.backwards(writes.known(), List.of("a", "b", "d")));
        assertEquals(
                List.of("a later read did not show the message \"d\""),
                writes.backwards(writes.known(), List.of("a", "b")));
        writes.deleting("a");
        assertEquals(List.of(), writes.backwards(Set.of("a", "b"), List.of("b")), "it is deleted meanwhile");
    }
}
