package org.domicile.outside.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.domicile.platform.account.AccountId;

/**
 * A customer who places orders and cancels every third one, in the region where the shop takes them: told to come back (MV001) she
 * tries again, told that she lives elsewhere (MV002) she goes there. What was acknowledged is remembered.
 */
final class Customer implements Runnable, AutoCloseable {
    private static final String LATER = "MV001";
    private static final String ELSEWHERE = "MV002";

    private final AccountId account;
    private final List<Connection> shops = new ArrayList<>();
    private final Set<UUID> orders = new HashSet<>();
    private final Set<UUID> cancelled = new HashSet<>();
    private int at;
    private volatile int acknowledged;
    private volatile int elsewhere;
    private volatile int later;
    private volatile boolean stopped;

    Customer(AccountId account, Shop home, Shop other) throws SQLException {
        this.account = account;
        for (var shop : List.of(home, other)) {
            var connection = shop.connect();
            connection.setAutoCommit(false);
            shops.add(connection);
        }
    }

    @Override
    public void run() {
        UUID last = null;
        for (int i = 0; !stopped; i++) {
            var reference = UUID.randomUUID();
            var cancel = i % 3 == 2 ? last : null;
            if (done(c -> order(c, reference))) {
                orders.add(reference);
                last = reference;
            }
            if (cancel != null && done(c -> cancel(c, cancel))) {
                cancelled.add(cancel);
            }
        }
    }

    /** What she does in the shop. */
    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private boolean done(Work work) {
        while (true) {
            var connection = shops.get(at);
            try {
                work.on(connection);
                connection.commit();
                acknowledged++;
                return true;
            } catch (SQLException e) {
                rollBack(connection);
                if (ELSEWHERE.equals(e.getSQLState())) {
                    at = 1 - at;
                    elsewhere++;
                } else if (LATER.equals(e.getSQLState())) {
                    later++;
                } else {
                    throw new IllegalStateException(e);
                }
                if (stopped) {
                    return false;
                }
                LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
            }
        }
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
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

    void stop() {
        stopped = true;
    }

    int acknowledged() {
        return acknowledged;
    }

    boolean hasMoved() {
        return elsewhere > 0;
    }

    Set<UUID> orders() {
        return orders;
    }

    /** Orders that must be there: acknowledged, and not cancelled with an acknowledgement. */
    Set<String> standing() {
        var standing = new java.util.TreeSet<String>();
        orders.stream().filter(o -> !cancelled.contains(o)).forEach(o -> standing.add(o.toString()));
        return standing;
    }

    Set<String> gone() {
        var gone = new java.util.TreeSet<String>();
        cancelled.forEach(o -> gone.add(o.toString()));
        return gone;
    }

    @Override
    public void close() throws SQLException {
        for (var shop : shops) {
            shop.close();
        }
    }
}
