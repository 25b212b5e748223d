package org.domicile.platform.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    @Test
    void the_trace_of_an_id_is_the_id() {
        var id = UUID.fromString("0194fdc2-fa2f-7cc0-81d3-ff12045b73c8");

        var parent = TraceParent.parse(TraceParent.of(id)).orElseThrow();

        assertEquals("0194fdc2fa2f7cc081d3ff12045b73c8", parent.getTraceId());
        assertTrue(parent.isSampled());
    }

    @Test
    void nothing_is_current_outside_of_a_span() {
        assertNull(TraceParent.current());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "6591234567",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more"
            })
    void what_is_malformed_or_not_sampled_is_no_parent(String text) {
        assertTrue(TraceParent.parse(text).isEmpty());
    }
}
