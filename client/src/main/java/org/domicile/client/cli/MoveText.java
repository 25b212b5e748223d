package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** A move in one line. */
final class MoveText {
    private static final Map<String, String> EXPLAINED = Map.ofEntries(
            Map.entry("PLANNED", "planned"),
            Map.entry("PREFLIGHT", "checking the law, the space and both ends"),
            Map.entry("COPYING", "copying while the account is in use"),
            Map.entry("CATCHING_UP", "catching up with new writes"),
            Map.entry("READY", "both sides compared in full"),
            Map.entry("FENCING", "holding writes for a moment"),
            Map.entry("SEALED", "sealed: the last changes cross"),
            Map.entry("VERIFIED", "digests are equal"),
            Map.entry("CUT_OVER", "the new region is home"),
            Map.entry("SOAK", "in use at the new home; the old copy is kept for the way back"),
            Map.entry("HELD", "a legal hold keeps the old copy"),
            Map.entry("ROLLING_BACK", "on its way back to the old home"),
            Map.entry("ROLLED_BACK", "back at the old home"),
            Map.entry("CHECKING", "comparing both copies once more"),
            Map.entry("PURGING", "erasing the old copy"),
            Map.entry("ATTESTED", "done: the old copy is gone, with a receipt"));

    private MoveText() {}

    static String line(JsonNode move) {
        String state = move.path("state").asText();
        StringBuilder line = new StringBuilder(String.format("%-11s %s", state, EXPLAINED.getOrDefault(state, "")));
        append(line, move, "records", "records");
        append(line, move, "objects", "objects");
        if (move.path("bytes").asLong() > 0) {
            line.append(", ").append(Text.bytes(move.path("bytes").asLong()));
        }
        if (move.path("writePauseMillis").isNumber()) {
            line.append(", writes paused ")
                    .append(move.path("writePauseMillis").asLong())
                    .append(" ms");
        }
        return line.toString().stripTrailing();
    }

    static String reason(JsonNode move) {
        String reason = move.path("reason").asText(move.path("error").asText(""));
        return reason.isEmpty() ? "" : ": " + reason;
    }

    private static void append(StringBuilder line, JsonNode move, String field, String noun) {
        if (move.path(field).asLong() > 0) {
            line.append(", ").append(move.path(field).asLong()).append(' ').append(noun);
        }
    }
}
