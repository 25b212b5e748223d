package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Waves and forecasts in lines. */
final class WaveText {
    private WaveText() {}

    static List<String> forecast(String region, JsonNode forecast) {
        List<String> lines = new ArrayList<>();
        JsonNode sizes = forecast.path("sizes");
        lines.add(String.format(
                Locale.ROOT,
                "%s: %d accounts, %s, %d records, %.1f hours (%.1f with the window)",
                region,
                forecast.path("accounts").asLong(),
                Text.bytes(forecast.path("bytes").asLong()),
                forecast.path("records").asLong(),
                forecast.path("hours").asDouble(),
                forecast.path("elapsedHours").asDouble()));
        lines.add(
                sizes.path("basis").asText().equals("assumed")
                        ? "  sizes are assumed: no account has moved from here yet"
                        : "  sizes are the mean of the last "
                                + sizes.path("samples").asLong() + " moves");
        if (forecast.path("notHere").asLong() > 0) {
            lines.add("  " + forecast.path("notHere").asLong() + " listed accounts do not live here");
        }
        forecast.path("markets").forEach(market -> market(lines, market));
        return lines;
    }

    private static void market(List<String> lines, JsonNode market) {
        JsonNode verdict = market.path("verdict");
        lines.add("  " + market.path("market").asText() + " → "
                + market.path("to").asText() + ": " + market.path("accounts").asLong() + " accounts");
        verdict.path("covered")
                .forEach(covered -> lines.add(String.format(
                        "    %-12s %s until %s (%s)",
                        covered.path("dataClass").asText(),
                        covered.path("basis").asText(),
                        covered.path("until").asText(),
                        covered.path("evidence").asText())));
        verdict.path("notCovered")
                .forEach(missing -> lines.add(String.format("    %-12s NO TRANSFER BASIS", missing.asText())));
        if (!verdict.path("regionAllowed").asBoolean(true)) {
            lines.add("    NOT ALLOWED: the market does not let its accounts live there");
        }
        JsonNode threshold = market.path("threshold");
        if (threshold.isObject()) {
            lines.add("    " + threshold.path("basis").asText() + " ends at "
                    + threshold.path("people").asLong() + " people a year, "
                    + threshold.path("used").asLong() + " counted, "
                    + threshold.path("left").asLong() + " left");
        }
    }

    /** One line. */
    static String line(JsonNode wave) {
        JsonNode accounts = wave.path("accounts");
        StringBuilder line = new StringBuilder(wave.path("id").asText() + "  "
                + String.format("%-10s", wave.path("state").asText()));
        long total = 0;
        for (JsonNode count : accounts) {
            total += count.asLong();
        }
        line.append(' ')
                .append(accounts.path("MOVED").asLong())
                .append(" of ")
                .append(total)
                .append(" moved, ")
                .append(accounts.path("MOVING").asLong())
                .append(" under way");
        count(line, accounts, "FAILED", "failed");
        count(line, accounts, "REFUSED", "refused");
        count(line, accounts, "SKIPPED", "skipped");
        count(line, accounts, "ROLLING_BACK", "on the way back");
        count(line, accounts, "ROLLED_BACK", "back");
        count(line, accounts, "ROLLBACK_FAILED", "not rolled back");
        count(line, accounts, "STAYED", "past the point of no return");
        if (wave.path("accountsPerSecond").asDouble() > 0) {
            line.append(String.format(
                    Locale.ROOT,
                    ", %.1f a second",
                    wave.path("accountsPerSecond").asDouble()));
        }
        if (wave.path("eta").isTextual()) {
            line.append(", done about ").append(wave.path("eta").asText());
        }
        if (wave.path("reason").isTextual()) {
            line.append(": ").append(wave.path("reason").asText());
        }
        return line.toString();
    }

    /** What each service has done, and what is stuck. */
    static List<String> details(JsonNode wave) {
        List<String> lines = new ArrayList<>();
        wave.path("services")
                .forEach(service -> lines.add(String.format(
                        "  %-10s %d records, %s, %d behind, %d accounts copying",
                        service.path("service").asText(),
                        service.path("records").asLong(),
                        Text.bytes(service.path("bytes").asLong()),
                        service.path("behind").asLong(),
                        service.path("copying").asLong())));
        wave.path("stuck").forEach(stuck -> lines.add("  " + stuck(stuck)));
        return lines;
    }

    static String stuck(JsonNode account) {
        String state = account.path("state").asText();
        return (state.equals("WAITING") ? "to be begun again: " : "stuck: ")
                + account.path("accountId").asText() + " "
                + account.path("moveState").asText(state) + " since "
                + account.path("since").asText() + ": "
                + account.path("reason").asText();
    }

    private static void count(StringBuilder line, JsonNode accounts, String state, String word) {
        if (accounts.path(state).asLong() > 0) {
            line.append(", ").append(accounts.path(state).asLong()).append(' ').append(word);
        }
    }
}
