package org.domicile.local.bench.account;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.domicile.local.LocalFailure;

/** Looks into one service's projection again and again until it says of each withdrawal that the feature is off. */
final class WithdrawalWatch implements AutoCloseable {
    private static final long LOOK_NANOS = 2_000_000;

    private final Connection connection;
    private final Map<UUID, Long> pending = new ConcurrentHashMap<>();
    private final List<Double> lags = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile SQLException broken;

    /** @param connection to the service's database; closed with this */
    WithdrawalWatch(Connection connection, String feature) {
        this.connection = connection;
        this.thread = Thread.ofPlatform().start(() -> look(feature));
    }

    /** @param asked when the owner asked, {@link System#nanoTime} */
    void expect(UUID account, long asked) {
        pending.put(account, asked);
    }

    int open() throws SQLException {
        if (broken != null) {
            throw broken;
        }
        return pending.size();
    }

    /** Milliseconds from the request to the first look that saw the feature off; read after {@link #close}. */
    List<Double> lags() {
        return lags;
    }

    @Override
    public void close() throws SQLException {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("The benchmark was interrupted.", e);
        }
        connection.close();
    }

    private void look(String feature) {
        try (var query =
                connection.prepareStatement("select account_id from consent_projection where account_id = any(?)"
                        + " and (features -> '" + feature + "' ->> 'granted')::boolean = false")) {
            while (!stopped) {
                if (!pending.isEmpty()) {
                    query.setArray(
                            1, connection.createArrayOf("uuid", pending.keySet().toArray()));
                    try (var rows = query.executeQuery()) {
                        var now = System.nanoTime();
                        while (rows.next()) {
                            lags.add((now - pending.remove(rows.getObject(1, UUID.class))) / 1e6);
                        }
                    }
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        } catch (SQLException e) {
            broken = e;
        }
    }
}
