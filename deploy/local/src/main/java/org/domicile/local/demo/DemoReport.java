package org.domicile.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures of one demo, for the table at its end. */
final class DemoReport {
    private final Map<String, String> rows = new LinkedHashMap<>();

    void backup(long files, long bytes) {
        rows.put("backed up", "%d files, %.1f MiB".formatted(files, bytes / 1048576.0));
    }

    void writes(long acknowledged, long lost, long twice) {
        rows.put("writes acknowledged during the move", Long.toString(acknowledged));
        rows.put("of these found at the new home", Long.toString(acknowledged - lost));
        rows.put("lost", Long.toString(lost));
        rows.put("delivered twice", Long.toString(twice));
    }

    void move(JsonNode move) {
        rows.put(
                "write pause", "%.0f ms".formatted(move.path("writePauseMicros").asDouble() / 1000));
        rows.put("records verified", Long.toString(move.path("records").asLong()));
        rows.put(
                "object bytes verified", "%.1f MiB".formatted(move.path("bytes").asLong() / 1048576.0));
    }

    void restored(long files, long bytes) {
        rows.put("restored, the same byte for byte", "%d files, %.1f MiB".formatted(files, bytes / 1048576.0));
    }

    void left(SourceInspection inspection) {
        rows.put("rows left at the source", Long.toString(inspection.rowsLeft()));
        rows.put("objects left at the source", Long.toString(inspection.objects()));
        rows.put("  apart: tombstones and directory", listed(inspection.tombstones()));
        rows.put("  apart: records on topics (ids only)", listed(inspection.records()));
    }

    void receipts(int count) {
        rows.put("receipts verified offline", Integer.toString(count));
    }

    Map<String, String> rows() {
        return rows;
    }

    /** The table, a line per figure. */
    String table() {
        int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        return rows.entrySet().stream()
                .map(e -> "  " + e.getKey() + " ".repeat(width - e.getKey().length()) + "   " + e.getValue())
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static String listed(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }
}
