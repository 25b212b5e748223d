package org.domicile.system;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.domicile.local.StackDescription;

/**
 * Looks, all the time, whether both regions would take writes for an account. One region is read before the other and after it: if it
 * owned the account at one epoch both times, it did meanwhile, and reading OWN at the other is two writers at once.
 */
final class OwnerWatch implements AutoCloseable {
    private static final List<String> SERVICES = List.of("account", "backup", "messaging", "shop");
    private static final long PACE_MILLIS = 15;

    private final StackDescription description;
    private final UUID account;
    private final Map<String, Connection> connections = new HashMap<>();
    private final List<String> breaches = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("owner-watch").unstarted(this::look);
    private volatile boolean stopped;
    private long looks;

    OwnerWatch(StackDescription description, UUID account) {
        this.description = description;
        this.account = account;
    }

    void start() {
        thread.start();
    }

    /** Ends the watch. @return the breaches seen */
    List<String> stop() throws InterruptedException {
        stopped = true;
        thread.join();
        if (looks == 0) {
            breaches.add("no look succeeded");
        }
        return breaches;
    }

    private void look() {
        while (!stopped) {
            try {
                for (var service : SERVICES) {
                    look(service);
                    looks++;
                }
            } catch (SQLException e) {
                // a database is down for a while: its connections are opened anew
                forget();
            }
            try {
                Thread.sleep(PACE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        forget();
    }

    private void look(String service) throws SQLException {
        var before = owned(StartedStack.SG, service);
        if (before.isPresent()
                && owned(StartedStack.CN, service).isPresent()
                && owned(StartedStack.SG, service).equals(before)) {
            breaches.add("both regions own the account in " + service);
        }
    }

    /** Since which epoch the region takes writes; empty: it does not. */
    private OptionalLong owned(String region, String service) throws SQLException {
        var fence = Databases.schema(service) + ".fence";
        try (var statement = connection(region, service)
                .prepareStatement("select epoch from " + fence + " where account_id = ? and mode = 'OWN'")) {
            statement.setObject(1, account);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    private Connection connection(String region, String service) throws SQLException {
        var known = connections.get(region + service);
        if (known == null) {
            known = Databases.connect(description.regions().get(region), service);
            connections.put(region + service, known);
        }
        return known;
    }

    private void forget() {
        for (var connection : connections.values()) {
            try {
                connection.close();
            } catch (SQLException e) {
                continue; // it is gone
            }
        }
        connections.clear();
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
