package org.domicile.outside.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.testing.TestParts;

/**
 * The shop of one region: its database and what its application does in it.
 *
 * @param url of the database, for JDBC
 * @param user who may do everything in it
 */
public record Shop(String url, String user, String password) {
    /** A new one. @param first 1 or 2: whether its numbers are odd or even */
    public static Shop create(String name, int first) {
        var database = TestParts.database(name);
        var shop = new Shop(
                "jdbc:postgresql://localhost:" + TestParts.postgresPort() + "/" + database, "postgres", "postgres");
        shop.run(
                "do $$ begin create role mover login password 'mover'; exception when duplicate_object then null; end $$");
        shop.run("grant create on database " + database + " to mover;"
                + "grant set on parameter session_replication_role to mover");
        shop.run(script().replace(":first", Integer.toString(first)));
        return shop;
    }

    /** The database's name. */
    public String database() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private static String script() {
        try (var in = Shop.class.getResourceAsStream("/shop.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    public void run(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As one whom the triggers do not see. */
    public void past(String sql) {
        run("set session_replication_role = replica; " + sql);
    }

    /** A customer with an address, a cart, and orders of two lines each. */
    public void customer(AccountId account, int orders) {
        run("""
                with c as (insert into customers (account_id, email, preferences)
                    values ('%1$s', '%1$s@example.org', '{"news": false, "größe": [1.50, 12345678901234567890.5]}') returning id),
                  a as (insert into addresses (customer_id, lines, postcode) select id, '{"Weg 1","a, \\"b\\""}', null from c),
                  k as (insert into carts (id, customer_id) select gen_random_uuid(), id from c returning id)
                insert into cart_items select id, 'tea', 2 from k;
                with o as (insert into orders (customer_id, address_id, reference, total, signature, internal_note)
                    select c.id, a.id, gen_random_uuid(), 44.7500 + n / 3.0, '\\x00ff'::bytea, 'stays'
                    from customers c join addresses a on a.customer_id = c.id, generate_series(1, %2$d) n
                    where c.account_id = '%1$s' returning id)
                insert into order_lines (order_id, line, sku, quantity, price)
                  select id, n, case n when 1 then 'tea' else 'cup' end, n, 12.5 from o, generate_series(1, 2) n;
                """.formatted(account, orders));
    }

    /** The rows of an account by table, as text. */
    public Map<String, Set<String>> rows(AccountId account) {
        var customer = "(select id from customers where account_id = '" + account + "')";
        var rows = new TreeMap<String, Set<String>>();
        rows.put("customers", texts("select c::text from customers c where account_id = '" + account + "'"));
        rows.put("addresses", texts("select a::text from addresses a where customer_id in " + customer));
        rows.put(
                "orders",
                texts("select (o.id, customer_id, address_id, reference, state, placed, total, signature)::text"
                        + " from orders o where customer_id in " + customer));
        rows.put(
                "order_lines",
                texts("select l::text from order_lines l join orders o on o.id = order_id where customer_id in "
                        + customer));
        rows.put("carts", texts("select c::text from carts c where customer_id in " + customer));
        rows.put(
                "cart_items",
                texts("select i::text from cart_items i join carts c on c.id = cart_id where customer_id in "
                        + customer));
        return rows;
    }

    /** Of all orders that were placed here; of none that came with its account. */
    Set<UUID> accepted() {
        return uuids("select reference::text from accepted");
    }

    /** Of the account's orders. */
    Set<UUID> references(AccountId account) {
        return uuids("select reference::text from orders o join customers c on c.id = customer_id where account_id = '"
                + account + "'");
    }

    private Set<UUID> uuids(String sql) {
        var uuids = new TreeSet<UUID>();
        texts(sql).forEach(text -> uuids.add(UUID.fromString(text)));
        return uuids;
    }

    public long count(String sql) {
        return Long.parseLong(texts("select (" + sql + ")::text").iterator().next());
    }

    private Set<String> texts(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            var texts = new TreeSet<String>();
            while (result.next()) {
                texts.add(result.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
