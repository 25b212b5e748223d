package org.domicile.outside.database;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.domicile.outside.OutsideConfig;
import org.domicile.outside.database.Catalogue.Column;
import org.domicile.outside.database.Catalogue.Reference;
import org.domicile.outside.database.Catalogue.Table;

/** Decides, from the configuration and the catalogue, what moves and in which order; refuses what could not move whole. */
final class MovedTables {
    /** Types whose text means something else in another database. */
    private static final Set<String> LOCAL_TYPES = Set.of(
            "money",
            "oid",
            "xid",
            "xid8",
            "cid",
            "tid",
            "pg_lsn",
            "regclass",
            "regproc",
            "regprocedure",
            "regoper",
            "regtype",
            "regrole",
            "regnamespace");

    private static final Set<String> ACCOUNT_TYPES = Set.of("uuid", "text", "character varying");

    private final String schema;
    private final Map<String, OutsideConfig.Table> wanted;
    private final Set<String> ignored;
    private final Catalogue catalogue;
    private final Set<String> problems = new LinkedHashSet<>();
    private final Map<String, Reference> ways = new LinkedHashMap<>();

    private MovedTables(OutsideConfig.Database config, Catalogue catalogue) {
        this.schema = config.schema();
        this.wanted = new TreeMap<>(config.tables());
        this.ignored = new TreeSet<>(config.ignored().orElse(List.of()));
        this.catalogue = catalogue;
    }

    /**
     * The tables that move, each after those it refers to.
     *
     * @throws IllegalStateException naming everything that is wrong and what to do
     */
    static List<MovedTable> of(OutsideConfig.Database config, Catalogue catalogue) {
        return new MovedTables(config, catalogue).decide();
    }

    private List<MovedTable> decide() {
        wanted.forEach(this::check);
        nothingForgotten();
        throwProblems();
        var ordered = ordered();
        throwProblems();
        return ordered.stream().map(this::moved).toList();
    }

    private void check(String name, OutsideConfig.Table table) {
        var known = catalogue.tables().get(name);
        if (known == null) {
            problems.add("there is no table " + name + " in schema " + schema);
            return;
        }
        if (known.key().isEmpty()) {
            problems.add(name + " has no primary key: give it one");
        }
        without(table).forEach(column -> checkLeft(known, column));
        carried(known, table).stream()
                .filter(c -> LOCAL_TYPES.contains(c.type()))
                .forEach(c -> problems.add(name + "." + c.name() + " is of type " + c.type()
                        + ", which means nothing in another database: leave it behind (without)"));
        if (table.account().isPresent()) {
            checkAccount(known, table.account().get());
        } else {
            way(name, table).ifPresent(reference -> ways.put(name, reference));
        }
    }

    private void checkLeft(Table table, String column) {
        var known = table.column(column);
        if (known.isEmpty()) {
            problems.add(table.name() + " has no column " + column);
        } else if (table.key().contains(column)) {
            problems.add(table.name() + "." + column + " is in the primary key and cannot stay behind");
        } else if (!known.get().optional()) {
            problems.add(table.name() + "." + column + " can only stay behind if it may be null or has a default");
        }
    }

    private void checkAccount(Table table, String column) {
        var known = table.column(column);
        if (known.isEmpty()) {
            problems.add(table.name() + " has no column " + column);
        } else if (!ACCOUNT_TYPES.contains(known.get().type())) {
            problems.add(table.name() + "." + column + " must be uuid or text to hold an account's id, and is "
                    + known.get().type());
        }
    }

    /** The foreign key by which a row belongs to an account. */
    private Optional<Reference> way(String name, OutsideConfig.Table table) {
        var candidates = catalogue.references().stream()
                .filter(r -> r.table().equals(name) && !r.parent().equals(name) && wanted.containsKey(r.parent()))
                .filter(r -> table.via().map(r.columns()::contains).orElse(true))
                .toList();
        if (candidates.size() != 1) {
            problems.add(
                    candidates.isEmpty()
                            ? name + " has neither an account column nor a foreign key to a table that moves"
                            : name + " leads to an account in several ways ("
                                    + candidates.stream()
                                            .map(r -> String.join("+", r.columns()))
                                            .collect(Collectors.joining(", "))
                                    + "): say which (via)");
            return Optional.empty();
        }
        return Optional.of(candidates.getFirst());
    }

    /** A table that refers to one that moves holds data of accounts, or its owner says that it does not. */
    private void nothingForgotten() {
        catalogue.references().stream()
                .filter(r -> wanted.containsKey(r.parent()) && !wanted.containsKey(r.table()))
                .filter(r -> !ignored.contains(r.table()))
                .forEach(r -> problems.add(
                        r.table() + " refers to " + r.parent() + ": add it to the tables, or to those ignored"));
    }

    private List<String> ordered() {
        var ordered = new LinkedHashSet<String>();
        var left = new TreeSet<>(wanted.keySet());
        while (!left.isEmpty()) {
            var next = left.stream()
                    .filter(t -> parents(t).stream().noneMatch(left::contains))
                    .toList();
            if (next.isEmpty()) {
                problems.add("foreign keys go round in a circle among " + String.join(", ", left)
                        + ": leave one of them behind (without)");
                return List.of();
            }
            ordered.addAll(next);
            next.forEach(left::remove);
        }
        return List.copyOf(ordered);
    }

    /** A row that refers to one of its own table needs no order: rows are written without their foreign keys being looked at. */
    private Set<String> parents(String table) {
        return catalogue.references().stream()
                .filter(r -> r.table().equals(table) && !r.parent().equals(table) && wanted.containsKey(r.parent()))
                .filter(r -> r.columns().stream().noneMatch(without(wanted.get(table))::contains))
                .map(Reference::parent)
                .collect(Collectors.toSet());
    }

    private MovedTable moved(String name) {
        var table = catalogue.tables().get(name);
        var path = new ArrayList<Reference>();
        var root = name;
        while (ways.containsKey(root)) {
            var step = ways.get(root);
            path.add(step);
            root = step.parent();
        }
        var account = wanted.get(root).account().orElseThrow();
        var references = catalogue.references().stream()
                .filter(r ->
                        r.table().equals(name) && r.columns().stream().noneMatch(without(wanted.get(name))::contains))
                .toList();
        return new MovedTable(
                schema,
                name,
                carried(table, wanted.get(name)),
                table.key(),
                path,
                root,
                catalogue.tables().get(root).column(account).orElseThrow(),
                references,
                references.stream()
                        .map(Reference::parent)
                        .filter(parent -> !wanted.containsKey(parent))
                        .collect(Collectors.toSet()));
    }

    private static List<Column> carried(Table table, OutsideConfig.Table config) {
        return table.columns().stream()
                .filter(c -> !c.generated() && !without(config).contains(c.name()))
                .toList();
    }

    private static List<String> without(OutsideConfig.Table table) {
        return table.without().orElse(List.of());
    }

    private void throwProblems() {
        if (!problems.isEmpty()) {
            throw new IllegalStateException(
                    "domicile.outside.database cannot be moved: " + String.join("; ", problems) + ".");
        }
    }
}
