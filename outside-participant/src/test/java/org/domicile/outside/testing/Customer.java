package org.domicile.outside.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.domicile.platform.account.AccountId;

/**
 * A customer who places orders and cancels every third one, in the region where the shop takes them: told to come back (MV001) she
 * tries again, told that she lives elsewhere (MV002) she goes there. She remembers what was acknowledged, and what she heard no answer to
 * because the connection ended: that may have been done or not.
 */
public final class Customer implements Runnable, AutoCloseable {
    private static final String LATER = "MV001";
    private static final String ELSEWHERE = "MV002";
    /** Her address was deleted while the order for it was written: before the fence is asked, the database asks for the address. */
    private static final String GONE = "23503";

    /** Classes of SQLSTATE with which a connection ends, or a server does. */
    private static final Set<String> CUT = Set.of("08", "57");

    private static final Duration PAUSE = Duration.ofMillis(2);
    /** Between orders: a shop's database has other work. */
    private static final Duration PACE = Duration.ofMillis(20);

    private final AccountId account;
    private final List<Shop> shops;
    private final List<Connection> connections = new ArrayList<>();
    private final Set<UUID> orders = new HashSet<>();
    private final Set<UUID> cancelled = new HashSet<>();
    private final Set<UUID> unknown = new HashSet<>();
    private int at;
    private volatile int acknowledged;
    private volatile int elsewhere;
    private volatile boolean stopped;

    public Customer(AccountId account, Shop home, Shop other) throws SQLException {
        this.account = account;
        this.shops = List.of(home, other);
        for (var shop : shops) {
            connections.add(open(shop));
        }
    }

    private static Connection open(Shop shop) throws SQLException {
        var connection = shop.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public void run() {
        UUID last = null;
        for (int i = 0; !stopped; i++) {
            var reference = UUID.randomUUID();
            var cancel = i % 3 == 2 ? last : null;
            if (done(reference, c -> order(c, reference))) {
                orders.add(reference);
                last = reference;
            }
            if (cancel != null && done(cancel, c -> cancel(c, cancel))) {
                cancelled.add(cancel);
            }
            LockSupport.parkNanos(PACE.toNanos());
        }
    }

    /** What she does in the shop. */
    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    /** Whether it was acknowledged; else it was not done, or nobody knows. */
    private boolean done(UUID reference, Work work) {
        while (!stopped) {
            var committing = false;
            try {
                var connection = connections.get(at);
                work.on(connection);
                committing = true;
                connection.commit();
                acknowledged++;
                return true;
            } catch (SQLException e) {
                if (isCut(e)) {
                    reconnect();
                    if (committing) {
                        unknown.add(reference);
                        return false;
                    }
                } else {
                    turn(e);
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return false;
    }

    private void turn(SQLException refusal) {
        rollBack(connections.get(at));
        if (ELSEWHERE.equals(refusal.getSQLState()) || GONE.equals(refusal.getSQLState())) {
            at = 1 - at;
            elsewhere++;
        } else if (!LATER.equals(refusal.getSQLState())) {
            throw new IllegalStateException(refusal);
        }
    }

    private static boolean isCut(SQLException e) {
        return e.getSQLState() != null && CUT.contains(e.getSQLState().substring(0, 2));
    }

    private void reconnect() {
        while (!stopped) {
            try {
                connections.set(at, open(shops.get(at)));
                return;
            } catch (SQLException e) {
                if (!isCut(e)) {
                    throw new IllegalStateException(e);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reconnect();
        }
    }

    private void order(Connection connection, UUID reference) throws SQLException {
        try (var order = connection.prepareStatement("insert into orders (customer_id, address_id, reference, total)"
                        + " select c.id, a.id, ?, 27.00 from customers c join addresses a on a.customer_id = c.id"
                        + " where c.account_id = ? returning id");
                var line = connection.prepareStatement(
                        "insert into order_lines (order_id, line, sku, quantity, price) values (?, ?, 'cup', 2, 7.25)");
                var cart = connection.prepareStatement("update carts k set changed = now() from customers c"
                        + " where c.id = k.customer_id and c.account_id = ?")) {
            order.setObject(1, reference);
            order.setObject(2, account.value());
            try (var id = order.executeQuery()) {
                if (!id.next()) {
                    // the shop does not know her (any more, or yet): as it would say of any other customer
                    throw new SQLException("no such customer", ELSEWHERE);
                }
                for (short n = 1; n <= 2; n++) {
                    line.setLong(1, id.getLong(1));
                    line.setShort(2, n);
                    line.executeUpdate();
                }
            }
            cart.setObject(1, account.value());
            cart.executeUpdate();
        }
    }

    private static void cancel(Connection connection, UUID reference) throws SQLException {
        try (var order = connection.prepareStatement("delete from orders where reference = ?")) {
            order.setObject(1, reference);
            if (order.executeUpdate() != 1) {
                throw new SQLException("no such order", ELSEWHERE);
            }
        }
    }

    public void stop() {
        stopped = true;
    }

    public int acknowledged() {
        return acknowledged;
    }

    public boolean hasMoved() {
        return elsewhere > 0;
    }

    /**
     * What is wrong with her orders, once she has stopped and moved: one sentence each.
     *
     * @param earlier how many she had before
     */
    public List<String> breaches(int earlier) {
        var breaches = new ArrayList<String>();
        var shop = shops.get(at);
        var found = shop.references(account);
        var lost = new TreeSet<>(orders);
        lost.removeAll(cancelled);
        lost.removeAll(unknown);
        lost.removeAll(found);
        lost.forEach(order -> breaches.add("lost: order " + order));
        found.stream()
                .filter(order -> cancelled.contains(order) && !unknown.contains(order))
                .forEach(order -> breaches.add("back: cancelled order " + order));
        var hers = found.stream()
                .filter(order -> orders.contains(order) || unknown.contains(order))
                .count();
        if (found.size() - hers != earlier) {
            breaches.add((found.size() - hers) + " orders are there that she did not place, and there were " + earlier);
        }
        var accepted = shop.accepted();
        var before = shops.get(1 - at).accepted();
        orders.stream()
                .filter(order -> accepted.contains(order) == before.contains(order))
                .forEach(order -> breaches.add("accepted by both or none: order " + order));
        var torn = shop.count("select count(*) from orders o where (select count(*) from order_lines l"
                + " where l.order_id = o.id) <> 2");
        if (torn > 0) {
            breaches.add(torn + " orders without their lines");
        }
        return breaches;
    }

    @Override
    public void close() throws SQLException {
        stop();
        for (var connection : connections) {
            connection.close();
        }
    }
}
