package org.domicile.platform.testing;

import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.domicile.platform.retention.RetentionClass;

/** What the retention table of every service is held to. */
public final class RetentionChecks {
    /** Of no class of data: what moves, fences, projections and queues need. */
    private static final Set<String> OF_THE_PLATFORM = Set.of(
            "fence",
            "fence_intent",
            "transfer",
            "transfer_mac",
            "move_law",
            "outbox",
            "residency",
            "residency_unproven",
            "consent_projection",
            "device_projection",
            "device_use",
            "erasure_position",
            "database_identity",
            "read_anew",
            "restored_data",
            "flyway_schema_history");

    private RetentionChecks() {}

    /**
     * @param others tables of the service that hold nothing of an account, or go with a row of a class that is declared
     * @return the tables of the database that are in no class
     */
    public static Set<String> undeclared(Pool pool, List<RetentionClass> classes, String... others) {
        var forgotten = new TreeSet<String>();
        pool.query("select table_name from information_schema.tables where table_schema = current_schema()"
                        + " and table_type = 'BASE TABLE'")
                .executeAndAwait()
                .forEach(row -> forgotten.add(row.getString("table_name")));
        forgotten.removeAll(OF_THE_PLATFORM);
        forgotten.removeAll(Set.of(others));
        forgotten.removeIf(table -> classes.stream()
                .anyMatch(c ->
                        Pattern.compile("\\b" + table + "\\b").matcher(c.rows()).find()));
        return forgotten;
    }

    /** The table's rows in the section of {@code docs/retention.md} that is headed by the module's name. */
    public static List<String> documented(String module) throws IOException {
        return Files.readString(Path.of("..", "docs", "retention.md"))
                .lines()
                .dropWhile(line -> !line.equals("## " + module))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .toList();
    }

    public static List<String> rows(List<RetentionClass> classes) {
        return classes.stream().map(RetentionClass::row).toList();
    }

    /** A sample of a retention metric in what {@code /q/metrics} answered; NaN if there is none. */
    public static double metric(String metrics, String name, String recordClass) {
        return metrics.lines()
                .filter(line -> line.startsWith("domicile_retention_" + name + "{class=\"" + recordClass + "\""))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElse(Double.NaN);
    }
}
