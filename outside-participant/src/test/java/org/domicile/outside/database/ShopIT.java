package org.domicile.outside.database;

import static org.domicile.platform.testing.TestRegions.CN;
import static org.domicile.platform.testing.TestRegions.SG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.domicile.outside.testing.Customer;
import org.domicile.outside.testing.Orders;
import org.domicile.outside.testing.Packaged;
import org.domicile.outside.testing.Shop;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A shop in two regions, each with its own PostgreSQL database and the packaged participant beside it. */
class ShopIT {
    private static final AccountId LIN = AccountId.create();
    private static final AccountId MEI = AccountId.create();
    private static final AccountId TAMPERED = AccountId.create();
    private static final AccountId UNSEEN = AccountId.create();
    private static final AccountId CLASHING = AccountId.create();
    private static final AccountId REFERRING = AccountId.create();

    private static Shop home;
    private static Shop target;
    private static Orders orders;
    private static Packaged here;
    private static Packaged there;

    @BeforeAll
    static void start() {
        home = Shop.create("shop_cn", 1);
        target = Shop.create("shop_sg", 2);
        orders = new Orders("shop");
        home.customer(LIN, 1_200);
        for (var account : new AccountId[] {MEI, TAMPERED, UNSEEN, CLASHING, REFERRING}) {
            home.customer(account, 3);
        }
        home.run("insert into carts (id) values ('00000000-0000-0000-0000-000000000001');"
                + "insert into cart_items values ('00000000-0000-0000-0000-000000000001', 'pot', 1)");
        var peers = Packaged.Peers.of("shop");
        here = Packaged.start(peers, CN, home.database(), "mover", settings());
        there = Packaged.start(peers, SG, target.database(), "mover", settings());
        there.awaitReady();
        for (var account : new AccountId[] {LIN, MEI, TAMPERED, UNSEEN, CLASHING}) {
            orders.home(account, CN, CN, 1);
        }
        assertFalse(here.isReady(), "an account that has rows is not known to the directory yet");
        orders.home(REFERRING, CN, CN, 1);
        here.awaitReady();
    }

    @AfterAll
    static void end() {
        here.close();
        there.close();
        orders.close();
    }

    static TreeMap<String, String> settings() {
        var settings = new Properties();
        try (var example = ShopIT.class.getResourceAsStream("/shop.properties")) {
            settings.load(example);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var sorted = new TreeMap<String, String>();
        settings.forEach((key, value) -> sorted.put(key.toString(), value.toString()));
        return sorted;
    }

    @Test
    void a_customer_moves_while_she_orders_and_no_order_is_lost_doubled_or_accepted_by_both() throws Exception {
        orders.done(LIN, CN, FenceMode.OWN, 1);
        var others = home.rows(MEI);
        try (var customer = new Customer(LIN, home, target)) {
            var ordering = CompletableFuture.runAsync(customer);
            Wait.until("orders come in", () -> customer.acknowledged() > 20);
            orders.order(FenceOperation.SHADOW, LIN, SG, 2, 2);
            orders.done(LIN, SG, FenceMode.SHADOW, 2);
            var before = customer.acknowledged();
            Wait.until("orders go on", () -> customer.acknowledged() > before + 10);

            orders.order(FenceOperation.FREEZE, LIN, CN, 3, 2);
            var sealed = orders.manifest(LIN, CN, FenceMode.FROZEN, 3);
            var frozen = home.rows(LIN);
            orders.close(LIN, SG, 3, 2, sealed);
            var closed = orders.manifest(LIN, SG, FenceMode.CLOSED, 3);
            assertEquals(sealed.classes(), closed.classes());
            assertEquals(sealed.counter(), closed.counter());
            assertEquals(frozen, target.rows(LIN), "the same values of every type");
            assertEquals(frozen, home.rows(LIN), "nothing was accepted after the seal");

            orders.order(FenceOperation.ACTIVATE, LIN, SG, 4, 2);
            orders.order(FenceOperation.KEEP, LIN, CN, 4, 2);
            orders.home(LIN, SG, CN, 4);
            orders.done(LIN, SG, FenceMode.OWN, 4);
            orders.done(LIN, CN, FenceMode.SHADOW, 4);
            Wait.until("she has gone to the new home", customer::hasMoved);
            var moved = customer.acknowledged();
            Wait.until("orders come in there", () -> customer.acknowledged() > moved + 10);
            customer.stop();
            ordering.join();

            assertEquals(List.of(), customer.breaches(1_200));
        }

        orders.order(FenceOperation.PURGE, LIN, CN, 5, 2);
        var left = orders.done(LIN, CN, FenceMode.NONE, 5).getJsonObject("left");
        assertEquals(0, left.getLong("rows"), left.encode());
        home.rows(LIN).forEach((table, rows) -> assertEquals(0, rows.size(), table));
        assertEquals(
                0,
                home.count(
                        "select count(*) from order_lines l where not exists (select from orders o where o.id = order_id)"));
        assertEquals(0, home.count("select count(*) from domicile.row_version where account_id = '" + LIN + "'"));
        assertEquals(others, home.rows(MEI), "another customer's rows");
        assertEquals(1, home.count("select count(*) from cart_items where sku = 'pot'"), "a guest's cart");
        // a late command, and a write of an application that has not heard
        orders.order(FenceOperation.ACTIVATE, LIN, CN, 3, 2);
        orders.order(FenceOperation.PURGE, LIN, CN, 5, 2);
        assertRefused(home, "MV002", "insert into customers (account_id, email) values ('" + LIN + "', 'late')");
    }

    @Test
    void the_fence_stops_every_way_of_writing_and_knows_whose_row_it_is() {
        orders.done(MEI, CN, FenceMode.OWN, 1);
        var customer = home.count("select id from customers where account_id = '" + MEI + "'");
        home.run("update carts set customer_id = " + customer + " where id = '00000000-0000-0000-0000-000000000001'");
        assertEquals(
                2,
                home.count("select count(*) from domicile.row_version where account_id = '" + MEI
                        + "' and key like '%-000000000001%'"),
                "a guest's cart is hers now, with what is in it");
        home.run("update carts set customer_id = null where id = '00000000-0000-0000-0000-000000000001'");
        assertEquals(0, home.count("select count(*) from domicile.row_version where key like '%-000000000001%'"));

        orders.order(FenceOperation.FREEZE, MEI, CN, 3, 2);
        orders.done(MEI, CN, FenceMode.FROZEN, 3);
        for (var write : new String[] {
            "insert into carts (id, customer_id) values (gen_random_uuid(), " + customer + ")",
            "update order_lines l set quantity = 9 from orders o where o.id = order_id and customer_id = " + customer,
            "delete from orders where customer_id = " + customer,
            "update carts set customer_id = " + customer + " where customer_id is null",
            "insert into addresses (customer_id, lines) values (" + customer + ", '{x}') on conflict do nothing"
        }) {
            assertRefused(home, "MV001", write);
        }
        assertRefused(home, "MV003", "truncate cart_items");
        home.run("insert into carts (id) values (gen_random_uuid())");
        assertRefused(
                home,
                "MV001",
                "insert into customers (account_id, email) values ('" + AccountId.create() + "', 'stranger')");

        orders.order(FenceOperation.ACTIVATE, MEI, CN, 4, 2);
        orders.done(MEI, CN, FenceMode.OWN, 4);
        home.run("update addresses set postcode = '1' where customer_id = " + customer);
    }

    @Test
    void a_row_that_was_changed_in_the_target_makes_the_digests_differ() {
        orders.done(TAMPERED, CN, FenceMode.OWN, 1);
        orders.order(FenceOperation.SHADOW, TAMPERED, SG, 2, 2);
        orders.done(TAMPERED, SG, FenceMode.SHADOW, 2);
        target.past("update orders set total = total + 1 where id = (select min(o.id) from orders o"
                + " join customers c on c.id = customer_id where account_id = '" + TAMPERED + "')");
        orders.order(FenceOperation.FREEZE, TAMPERED, CN, 3, 2);
        var sealed = orders.manifest(TAMPERED, CN, FenceMode.FROZEN, 3);
        orders.close(TAMPERED, SG, 3, 2, sealed);
        var closed = orders.manifest(TAMPERED, SG, FenceMode.CLOSED, 3);

        // what the coordinator quarantines a move for
        assertFalse(closed.sameContentAs(sealed));
        var differing = new TreeMap<>(sealed.classes());
        differing.entrySet().removeIf(e -> e.getValue().equals(closed.classes().get(e.getKey())));
        assertEquals(java.util.Set.of("orders"), differing.keySet());

        orders.order(FenceOperation.ACTIVATE, TAMPERED, CN, 5, 2);
        orders.order(FenceOperation.PURGE, TAMPERED, SG, 5, 2);
        orders.done(TAMPERED, CN, FenceMode.OWN, 5);
        orders.done(TAMPERED, SG, FenceMode.NONE, 5);
        target.rows(TAMPERED).forEach((table, rows) -> assertEquals(0, rows.size(), table));
    }

    @Test
    void a_row_that_was_written_past_the_trigger_ends_the_move_before_it_is_lost() {
        orders.done(UNSEEN, CN, FenceMode.OWN, 1);
        home.past("insert into addresses (customer_id, lines) select id, '{unseen}' from customers where account_id = '"
                + UNSEEN + "'");
        orders.order(FenceOperation.FREEZE, UNSEEN, CN, 3, 2);
        var trouble = orders.trouble(UNSEEN, CN, FenceMode.FROZEN, 3);
        assertTrue(trouble.contains("2 rows in addresses"), trouble);
        orders.order(FenceOperation.ACTIVATE, UNSEEN, CN, 4, 2);
        orders.done(UNSEEN, CN, FenceMode.OWN, 4);
    }

    @Test
    void a_number_that_the_other_region_gives_too_is_named_before_anything_is_frozen() {
        orders.done(CLASHING, CN, FenceMode.OWN, 1);
        home.run("insert into orders (id, customer_id, reference, total) select 1000000, id, gen_random_uuid(), 1"
                + " from customers where account_id = '" + CLASHING + "'");
        orders.order(FenceOperation.SHADOW, CLASHING, SG, 2, 2);
        var trouble = orders.trouble(CLASHING, SG, FenceMode.SHADOW, 2);
        assertTrue(trouble.startsWith("The row [1000000] of orders has a number in id that"), trouble);
        home.run("delete from orders where id = 1000000");
        orders.done(CLASHING, SG, FenceMode.SHADOW, 2);
    }

    @Test
    void a_row_that_refers_to_what_is_not_there_is_named() {
        orders.done(REFERRING, CN, FenceMode.OWN, 1);
        home.run(
                "insert into products values ('kettle', 60); insert into cart_items select k.id, 'kettle', 1 from carts k"
                        + " join customers c on c.id = customer_id where account_id = '" + REFERRING + "'");
        orders.order(FenceOperation.SHADOW, REFERRING, SG, 2, 2);
        var trouble = orders.trouble(REFERRING, SG, FenceMode.SHADOW, 2);
        assertTrue(trouble.contains("\"kettle\"] of cart_items refers to a row of products"), trouble);
        target.run("insert into products values ('kettle', 60)");
        orders.done(REFERRING, SG, FenceMode.SHADOW, 2);
    }

    private static void assertRefused(Shop shop, String state, String sql) {
        var failure = assertThrows(IllegalStateException.class, () -> shop.run(sql), sql);
        assertEquals(state, ((java.sql.SQLException) failure.getCause()).getSQLState(), failure.getMessage());
    }
}
