package org.domicile.checks.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the tables out of scripts of Flyway. Knows the statements that our scripts use. */
public final class Scripts {
    private static final Pattern TABLE = Pattern.compile("(?is)create table (?:if not exists )?(\\w+)\\s*\\(");
    private static final Pattern UNIQUE_INDEX =
            Pattern.compile("(?is)create unique index \\w+ on (\\w+)\\s*\\(([^;]*?)\\)\\s*(?:where[^;]*)?;");
    private static final Pattern LIST = Pattern.compile("(?is)^(primary key|unique)\\s*\\(([^)]*)\\)");
    private static final Pattern COLUMN = Pattern.compile("(?is)^(\\w+)\\s+.*?\\b(primary key|unique)\\b.*");

    private final Map<String, Table> tables = new LinkedHashMap<>();

    /** @param database the folder of the script */
    public Scripts add(String database, String script) {
        var sql = script.replaceAll("--[^\\n]*", "");
        var table = TABLE.matcher(sql);
        while (table.find()) {
            add(database, table.group(1), parts(sql, table.end()));
        }
        var index = UNIQUE_INDEX.matcher(sql);
        while (index.find()) {
            var columns = columns(index.group(2));
            tables.computeIfPresent(database + "/" + index.group(1), (id, known) -> known.withUnique(columns));
        }
        return this;
    }

    public List<Table> tables() {
        return List.copyOf(tables.values());
    }

    private void add(String database, String name, List<String> parts) {
        List<String> key = List.of();
        var unique = new ArrayList<List<String>>();
        for (var part : parts) {
            var list = LIST.matcher(part);
            var column = COLUMN.matcher(part);
            if (list.find()) {
                if (list.group(1).toLowerCase(java.util.Locale.ROOT).startsWith("primary")) {
                    key = columns(list.group(2));
                } else {
                    unique.add(columns(list.group(2)));
                }
            } else if (column.matches()) {
                if (column.group(2).toLowerCase(java.util.Locale.ROOT).startsWith("primary")) {
                    key = List.of(column.group(1));
                } else {
                    unique.add(List.of(column.group(1)));
                }
            }
        }
        tables.put(database + "/" + name, new Table(database, name, key, unique));
    }

    /** What stands between the parenthesis before {@code start} and the one that closes it, by its outermost commas. */
    private static List<String> parts(String sql, int start) {
        var parts = new ArrayList<String>();
        var depth = 1;
        var from = start;
        for (var i = start; depth > 0; i++) {
            var c = sql.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 || depth == 1 && c == ',') {
                parts.add(sql.substring(from, i).strip());
                from = i + 1;
            }
        }
        return parts;
    }

    private static List<String> columns(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).toList();
    }
}
