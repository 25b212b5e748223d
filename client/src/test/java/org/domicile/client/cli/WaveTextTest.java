package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class WaveTextTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void a_wave_is_one_line() throws Exception {
        JsonNode wave = MAPPER.readTree("{\"id\":\"w\",\"state\":\"RUNNING\",\"accounts\":{\"WAITING\":5,\"MOVING\":2,"
                + "\"MOVED\":3,\"FAILED\":1},\"accountsPerSecond\":1.25,\"eta\":\"2026-11-22T12:00:06Z\"}");

        assertEquals(
                "w  RUNNING    3 of 11 moved, 2 under way, 1 failed, 1.3 a second, done about 2026-11-22T12:00:06Z",
                WaveText.line(wave));
    }

    @Test
    void a_forecast_names_every_class_without_a_basis_and_what_the_law_counts() throws Exception {
        JsonNode forecast = MAPPER.readTree("{\"accounts\":2,\"notHere\":1,\"bytes\":2048,\"records\":10,\"hours\":0.5,"
                + "\"elapsedHours\":1.5,\"sizes\":{\"basis\":\"assumed\"},\"markets\":[{\"market\":\"CN\",\"to\":\"b\","
                + "\"accounts\":2,\"verdict\":{\"regionAllowed\":false,\"covered\":[{\"dataClass\":\"profile\","
                + "\"basis\":\"scc\",\"until\":\"2027-01-01\",\"evidence\":\"file 7\"}],\"notCovered\":[\"messages\"]},"
                + "\"threshold\":{\"basis\":\"scc\",\"people\":100,\"used\":98,\"left\":2}}]}");

        String text = String.join("\n", WaveText.forecast("a", forecast));

        assertTrue(text.contains("a: 2 accounts, 2.0 KiB, 10 records, 0.5 hours (1.5 with the window)"), text);
        assertTrue(text.contains("profile      scc until 2027-01-01 (file 7)"), text);
        assertTrue(text.contains("messages     NO TRANSFER BASIS"), text);
        assertTrue(text.contains("NOT ALLOWED"), text);
        assertTrue(text.contains("scc ends at 100 people a year, 98 counted, 2 left"), text);
    }
}
