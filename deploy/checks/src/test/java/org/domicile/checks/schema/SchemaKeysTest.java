package org.domicile.checks.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.Test;

/** PostgreSQL can be replaced by a database that shards by account: every key begins with it, or the table is named as another kind. */
class SchemaKeysTest {
    @Test
    void every_table_of_account_data_is_keyed_by_account() throws IOException {
        var others = all().stream()
                .filter(t -> !t.isKeyedByAccount())
                .map(Table::id)
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(named(false), others);
    }

    @Test
    void every_unique_constraint_that_sharding_would_break_is_named() throws IOException {
        var unique = all().stream()
                .filter(Table::isKeyedByAccount)
                .flatMap(t -> t.uniqueBeyondAccounts().stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(named(true), unique);
    }

    @Test
    void a_table_with_another_key_is_found() {
        var tables = new Scripts().add("x", """
                        create table good (account_id uuid not null, n numeric(3, 1), primary key (account_id, n));
                        create table inline (account_id uuid primary key, check (true));
                        create table bad (id uuid primary key, account_id uuid not null unique);
                        create table none (account_id uuid);
                        create unique index good_n on good (n) where n > 0;
                        """).tables();

        assertEquals(
                List.of("x/good", "x/inline", "x/bad", "x/none"),
                tables.stream().map(Table::id).toList());
        assertTrue(tables.get(0).isKeyedByAccount());
        assertEquals(List.of("x/good(n)"), tables.get(0).uniqueBeyondAccounts());
        assertTrue(tables.get(1).isKeyedByAccount());
        assertFalse(tables.get(2).isKeyedByAccount());
        assertFalse(tables.get(3).isKeyedByAccount());
    }

    private static List<Table> all() throws IOException {
        var sources = Sources.here();
        var scripts = new Scripts();
        for (var script : sources.files(".", ".sql")) {
            if (sources.relative(script).contains("src/main/resources/db/")) {
                scripts.add(script.getParent().getFileName().toString(), Files.readString(script));
            }
        }
        assertTrue(scripts.tables().size() > 30, "the scripts were found");
        return scripts.tables();
    }

    private static Set<String> named(boolean constraints) throws IOException {
        try (var list = SchemaKeysTest.class.getResourceAsStream("not-of-accounts.txt")) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(line -> line.split("\\s+", 2)[0])
                    .filter(name -> name.contains("(") == constraints)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
