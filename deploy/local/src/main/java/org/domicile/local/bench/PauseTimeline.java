package org.domicile.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Where the write pause of one move went, in milliseconds, by the clock of this computer. The parts add up to the time from the first
 * service's FROZEN to the last one's OWN.
 */
record PauseTimeline(JsonNode move) {
    private static final double NANOS_PER_MILLI = 1e6;

    Map<String, Double> parts() {
        var parts = new LinkedHashMap<String, Double>();
        var frozen = times("frozenAt").min(Instant::compareTo).orElseThrow();
        var allFrozen = last("frozenAt");
        var closed = last("closedAt");
        var cutOver = StreamSupport.stream(move.path("steps").spliterator(), false)
                .filter(step -> step.path("state").asText().equals("CUT_OVER"))
                .map(step -> Instant.parse(step.path("at").asText()))
                .findFirst()
                .orElseThrow();
        parts.put("first to last FROZEN", millis(frozen, allFrozen));
        parts.put("to the last CLOSED", millis(allFrozen, closed));
        parts.put("to CUT_OVER", millis(closed, cutOver));
        parts.put("to the last OWN", millis(cutOver, last("ownAt")));
        return parts;
    }

    private Instant last(String what) {
        return times(what).max(Instant::compareTo).orElseThrow();
    }

    private Stream<Instant> times(String what) {
        return StreamSupport.stream(move.path("services").spliterator(), false)
                .map(service -> Instant.parse(service.path(what).asText()));
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / NANOS_PER_MILLI;
    }
}
