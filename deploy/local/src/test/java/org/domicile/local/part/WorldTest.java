package org.domicile.local.part;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorldTest {
    @Test
    void the_great_move_is_still_to_come() {
        var placement = World.placement(List.of("cn-north", "ap-southeast"));

        assertEquals(Map.of("home", "cn-north", "target", "cn-north"), placement.get("CN"));
        assertEquals(Map.of("home", "cn-north", "target", "ap-southeast"), placement.get("SG"));
        assertEquals(Map.of("home", "cn-north", "target", "ap-southeast"), placement.get("IN"));
    }

    @Test
    void a_region_that_runs_alone_has_all_markets() {
        for (var only : List.of("cn-north", "ap-southeast")) {
            World.placement(List.of(only))
                    .forEach((market, places) -> assertEquals(Map.of("home", only, "target", only), places, market));
        }
    }
}
