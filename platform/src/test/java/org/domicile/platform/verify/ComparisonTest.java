package org.domicile.platform.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.domicile.platform.verify.Comparison.Rule;
import org.domicile.platform.verify.Verification.Differing;
import org.domicile.platform.verify.Verification.What;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComparisonTest {
    private static final long AT = 10;

    private final ClassInventory here = new ClassInventory();
    private final ClassInventory home = new ClassInventory();
    private long counter = AT;

    @ParameterizedTest
    @EnumSource(Rule.class)
    void what_is_the_same_is_told_in_a_number_and_no_key_crosses(Rule rule) {
        both("a", 3, "x");
        both("b", 10, "y");

        var answer = answer();

        assertFalse(answer.contains("entries"), answer);
        var found = verification(rule);
        assertEquals(0, found.count());
        assertEquals(2, found.classes().get("things").records());
    }

    @Test
    void what_is_written_later_at_the_home_is_newer_and_not_wrong() {
        both("a", 3, "x");
        here.add("b", 4, "old");
        home.add("b", 11, "new");
        home.add("c", 12, "z");

        var found = verification(Rule.LIVE).classes().get("things");

        assertEquals(0, found.differing());
        assertEquals(2, found.newer());
        assertEquals(1, found.records());
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void a_record_that_the_copy_lacks_or_has_otherwise_is_wrong(Rule rule) {
        both("a", 3, "x");
        home.add("lacking", 10, "y");
        here.add("other", 5, "one");
        home.add("other", 5, "another");
        here.add("ahead", 9, "x");
        home.add("ahead", 8, "x");

        assertEquals(
                Set.of(
                        new Differing("lacking", What.ONLY_AT_THE_HOME),
                        new Differing("other", What.OTHERWISE),
                        new Differing("ahead", What.OTHERWISE)),
                Set.copyOf(differing(rule)));
    }

    @Test
    void what_the_home_lost_is_excused_only_by_a_write_since() {
        both("a", 3, "x");
        here.add("gone", 4, "y");

        assertEquals(List.of(new Differing("gone", What.ONLY_IN_THE_COPY)), differing(Rule.LIVE));
        counter = AT + 1;
        assertEquals(List.of(), differing(Rule.LIVE));
        assertEquals(1, verification(Rule.LIVE).classes().get("things").gone());
        assertEquals(List.of(new Differing("gone", What.ONLY_IN_THE_COPY)), differing(Rule.SEALED));
    }

    @Test
    void a_class_that_the_copy_does_not_know_is_all_missing() {
        home.add("a", 1, "x");
        var mine = new Inventory(AT, Map.of());
        var theirs = new Inventory(AT, Map.of("things", home));

        var differing = new Comparison(mine, theirs.answer(mine.question(AT)), AT, Rule.LIVE).differing();

        assertEquals(Map.of("things", List.of(new Differing("a", What.ONLY_AT_THE_HOME))), differing);
    }

    @Test
    void a_key_that_an_owner_chose_is_told_hashed_and_a_long_list_cut() {
        for (int i = 0; i < 30; i++) {
            home.add("my phone " + i, 1, "x");
        }

        var found = comparison(Rule.LIVE).verification(Instant.EPOCH, Set.of("things"));

        var things = found.classes().get("things");
        assertEquals(30, things.differing());
        assertEquals(20, things.sample().size());
        assertTrue(things.sample().stream().allMatch(one -> one.key().startsWith("sha256:")), things.toString());
        assertFalse(found.toString().contains("phone"));
    }

    private void both(String key, long version, String mac) {
        here.add(key, version, mac);
        home.add(key, version, mac);
    }

    private String answer() {
        return home().answer(mine().question(AT)).encode();
    }

    private Inventory mine() {
        return new Inventory(AT, Map.of("things", here));
    }

    private Inventory home() {
        return new Inventory(counter, Map.of("things", home));
    }

    private Comparison comparison(Rule rule) {
        return new Comparison(mine(), home().answer(mine().question(AT)), AT, rule);
    }

    private List<Differing> differing(Rule rule) {
        return comparison(rule).differing().getOrDefault("things", List.of());
    }

    private Verification verification(Rule rule) {
        return comparison(rule).verification(Instant.EPOCH, Set.of());
    }
}
