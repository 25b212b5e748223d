package org.domicile.local.bench.messaging;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;

/** Accounts with messaging switched on, a device and a subscription each: rows as account-service's events would have made them. */
final class SeededDevices implements AutoCloseable {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int BATCH = 1_000;
    private static final long PATIENCE_SECONDS = 120;
    private static final long LOOK_MILLIS = 100;

    /** @param capability last segment of the push endpoint */
    record Device(UUID account, String id, String secret, String capability) {}

    private final Connection connection;
    private final Random random = new Random(7);
    private final List<Device> devices = new ArrayList<>();

    SeededDevices(StackDescription.Region region) throws SQLException {
        connection = messaging(region);
        connection.setAutoCommit(false);
    }

    /** The region's messaging database, as its administrator. */
    static Connection messaging(StackDescription.Region region) throws SQLException {
        // postgresql://user:password@host:port/name
        var rest = region.postgres().substring(region.postgres().indexOf("://") + 3);
        var login = rest.substring(0, rest.lastIndexOf('@')).split(":", 2);
        var server = rest.substring(rest.lastIndexOf('@') + 1).split("/", 2)[0];
        return DriverManager.getConnection("jdbc:postgresql://" + server + "/messaging", login[0], login[1]);
    }

    List<Device> make(int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            devices.add(device());
        }
        // an earlier run may have been interrupted: the same accounts are made each time
        forget();
        try (var fence = connection.prepareStatement(
                        "insert into fence (account_id, mode, epoch) values (?, 'OWN', 1)");
                var consent = connection.prepareStatement(
                        "insert into consent_projection (account_id, version, epoch, features) values (?, 1, 1,"
                                + " '{\"messaging\":{\"granted\":true,\"policyVersion\":\"2026-01\"}}')");
                var known = connection.prepareStatement(
                        "insert into device_projection (account_id, version, epoch, devices) values (?, 1, 1,"
                                + " jsonb_build_array(jsonb_build_object('deviceId', ?, 'secretSha256', ?)))");
                var agent = connection.prepareStatement("insert into user_agent (account_id, device_id, uaid, version)"
                        + " values (?, ?, gen_random_uuid(), 1)");
                var subscription = connection.prepareStatement("insert into subscription (account_id, device_id,"
                        + " channel_id, capability_sha256, version) values (?, ?, gen_random_uuid(), ?, 1)")) {
            for (int i = 1; i <= count; i++) {
                var device = devices.get(i - 1);
                add(fence, device.account());
                add(consent, device.account());
                add(known, device.account(), device.id(), HexFormat.of().formatHex(sha256(device.secret())));
                add(agent, device.account(), device.id());
                add(
                        subscription,
                        device.account(),
                        device.id(),
                        sha256(Base64.getUrlDecoder().decode(device.capability())));
                if (i % BATCH == 0 || i == count) {
                    for (var statement : List.of(fence, consent, known, agent, subscription)) {
                        statement.executeBatch();
                    }
                    connection.commit();
                }
            }
        }
        return List.copyOf(devices);
    }

    /** Waits until the service has noticed of every device that it has left. */
    void awaitGone() throws SQLException, InterruptedException {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (connected() > 0) {
            if (System.nanoTime() > end) {
                throw new LocalFailure(connected() + " devices are still connected after " + PATIENCE_SECONDS + " s.");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private long connected() throws SQLException {
        try (var count = connection.prepareStatement("select count(*) from presence where account_id = any(?)")) {
            count.setArray(1, accounts());
            try (var rows = count.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } finally {
            connection.commit();
        }
    }

    /** Writes what the database server has in memory, so that no measurement pays for what came before it. */
    void checkpoint() throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("checkpoint");
        }
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        forget();
        connection.close();
    }

    private void forget() throws SQLException {
        var accounts = accounts();
        for (var table : List.of(
                "message",
                "presence",
                "subscription",
                "user_agent",
                "device_projection",
                "consent_projection",
                "fence")) {
            try (var delete = connection.prepareStatement("delete from " + table + " where account_id = any(?)")) {
                delete.setArray(1, accounts);
                delete.executeUpdate();
            }
        }
        connection.commit();
    }

    private Array accounts() throws SQLException {
        return connection.createArrayOf(
                "uuid", devices.stream().map(Device::account).toArray());
    }

    private Device device() {
        var account = new UUID(random.nextLong() & ~0xF000L | 0x7000L, random.nextLong() & ~(3L << 62) | 1L << 63);
        var id = ByteBuffer.allocate(24)
                .putLong(account.getMostSignificantBits())
                .putLong(account.getLeastSignificantBits())
                .putLong(random.nextLong());
        var capability = ByteBuffer.allocate(40)
                .putLong(account.getMostSignificantBits())
                .putLong(account.getLeastSignificantBits())
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .putLong(random.nextLong());
        var secret = new byte[32];
        random.nextBytes(secret);
        return new Device(
                account,
                BASE64.encodeToString(id.array()),
                BASE64.encodeToString(secret),
                BASE64.encodeToString(capability.array()));
    }

    private static void add(java.sql.PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        statement.addBatch();
    }

    private static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
