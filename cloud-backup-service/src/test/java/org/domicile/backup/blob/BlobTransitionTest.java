package org.domicile.backup.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlobTransitionTest {
    @ParameterizedTest
    @EnumSource(BlobState.class)
    void what_is_gone_stays_gone_and_all_else_can_go(BlobState state) {
        var reachable = EnumSet.of(state);
        while (reachable.addAll(reachable.stream()
                .flatMap(from -> EnumSet.allOf(BlobTransition.class).stream().map(step -> step.of(from)))
                .toList())) {}

        assertTrue(reachable.contains(BlobState.GONE));
        assertEquals(state == BlobState.GONE, reachable.size() == 1);
    }

    @ParameterizedTest
    @EnumSource(BlobState.class)
    void every_pair_of_states_has_at_most_the_one_step_of_the_diagram(BlobState from) {
        for (var to : BlobState.values()) {
            var expected =
                    switch (from) {
                        case PENDING ->
                            switch (to) {
                                case LIVE -> BlobTransition.COMMIT;
                                case GONE -> BlobTransition.DISCARD;
                                default -> null;
                            };
                        case LIVE ->
                            switch (to) {
                                case TRASHED -> BlobTransition.DELETE;
                                case GONE -> BlobTransition.REMOVE;
                                default -> null;
                            };
                        case TRASHED ->
                            switch (to) {
                                case LIVE -> BlobTransition.RESTORE;
                                case GONE -> BlobTransition.PURGE;
                                default -> null;
                            };
                        case GONE -> null;
                    };
            assertEquals(Optional.ofNullable(expected), BlobTransition.between(from, to));
        }
    }
}
