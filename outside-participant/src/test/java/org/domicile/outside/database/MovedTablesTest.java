package org.domicile.outside.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.domicile.outside.OutsideConfig;
import org.domicile.outside.database.Catalogue.Column;
import org.domicile.outside.database.Catalogue.Reference;
import org.domicile.outside.database.Catalogue.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MovedTablesTest {
    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final List<Reference> references = new ArrayList<>();
    private final Map<String, OutsideConfig.Table> wanted = new LinkedHashMap<>();
    private List<String> ignored = List.of();

    @BeforeEach
    void aShop() {
        table("lines", "order_id");
        table("orders", "customer_id", "address_id");
        table("addresses", "customer_id");
        tables.put(
                "customers",
                new Table("customers", List.of(column("id", "bigint"), column("account", "uuid")), List.of("id")));
        refer("lines", "order_id", "orders");
        refer("orders", "customer_id", "customers");
        refer("orders", "address_id", "addresses");
        refer("addresses", "customer_id", "customers");
        want("customers", "account", null);
        want("addresses", null, null);
        want("orders", null, "customer_id");
        want("lines", null, null);
    }

    @Test
    void each_table_comes_after_those_that_it_refers_to() {
        assertEquals(
                List.of("customers", "addresses", "orders", "lines"),
                decide().stream().map(MovedTable::name).toList());
        assertEquals(
                List.of("orders", "customers"),
                decide().getLast().path().stream().map(Reference::parent).toList());
    }

    @Test
    void a_row_may_refer_to_one_of_its_own_table() {
        refer("orders", "id", "orders");
        assertEquals(4, decide().size());
    }

    @Test
    void what_stays_behind_breaks_a_circle() {
        refer("addresses", "last_order", "orders");
        want("addresses", null, "customer_id");
        assertRefused("foreign keys go round in a circle among addresses, lines, orders");
        tables.put(
                "addresses",
                new Table(
                        "addresses",
                        List.of(
                                column("id", "bigint"),
                                column("customer_id", "bigint"),
                                column("last_order", "bigint")),
                        List.of("id")));
        wanted.put(
                "addresses",
                new Wanted(Optional.empty(), Optional.of("customer_id"), Optional.of(List.of("last_order"))));
        assertEquals(4, decide().size());
    }

    @Test
    void a_table_that_refers_to_one_that_moves_is_never_forgotten() {
        table("notes", "order_id");
        refer("notes", "order_id", "orders");
        assertRefused("notes refers to orders");
        ignored = List.of("notes");
        assertEquals(4, decide().size());
    }

    @Test
    void several_ways_to_an_account_must_be_decided() {
        want("orders", null, null);
        assertRefused("orders leads to an account in several ways (customer_id, address_id)");
    }

    @Test
    void everything_that_is_wrong_is_named_at_once() {
        tables.put(
                "lines", new Table("lines", List.of(column("id", "money"), column("order_id", "bigint")), List.of()));
        tables.put(
                "customers",
                new Table("customers", List.of(column("id", "bigint"), column("account", "bigint")), List.of("id")));
        want("gone", "account", null);
        wanted.put(
                "addresses",
                new Wanted(Optional.empty(), Optional.empty(), Optional.of(List.of("id", "customer_id", "x"))));
        var message = assertThrows(IllegalStateException.class, this::decide).getMessage();
        for (var problem : List.of(
                "there is no table gone",
                "lines has no primary key",
                "lines.id is of type money",
                "customers.account must be uuid or text",
                "addresses.id is in the primary key",
                "addresses.customer_id can only stay behind",
                "addresses has no column x")) {
            assertTrue(message.contains(problem), problem + " / " + message);
        }
    }

    private void assertRefused(String problem) {
        var message = assertThrows(IllegalStateException.class, this::decide).getMessage();
        assertTrue(message.contains(problem), message);
    }

    private void table(String name, String... others) {
        var columns = new ArrayList<>(List.of(column("id", "bigint")));
        for (var other : others) {
            columns.add(new Column(other, "bigint", false, false, Optional.empty()));
        }
        tables.put(name, new Table(name, columns, List.of("id")));
    }

    private static Column column(String name, String type) {
        return new Column(name, type, false, true, Optional.empty());
    }

    private void refer(String table, String column, String parent) {
        references.add(new Reference(table + "_" + column, table, List.of(column), parent, List.of("id")));
    }

    private void want(String table, String account, String via) {
        wanted.put(table, new Wanted(Optional.ofNullable(account), Optional.ofNullable(via), Optional.empty()));
    }

    private record Wanted(Optional<String> account, Optional<String> via, Optional<List<String>> without)
            implements OutsideConfig.Table {}

    private List<MovedTable> decide() {
        return MovedTables.of(
                new OutsideConfig.Database() {
                    @Override
                    public String schema() {
                        return "public";
                    }

                    @Override
                    public OutsideConfig.FenceKind fence() {
                        return OutsideConfig.FenceKind.TRIGGER;
                    }

                    @Override
                    public Map<String, OutsideConfig.Table> tables() {
                        return wanted;
                    }

                    @Override
                    public Optional<List<String>> ignored() {
                        return Optional.of(ignored);
                    }

                    @Override
                    public Optional<OutsideConfig.Endpoint> hook() {
                        return Optional.empty();
                    }
                },
                new Catalogue(tables, references));
    }
}
