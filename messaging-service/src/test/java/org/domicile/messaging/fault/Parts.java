package org.domicile.messaging.fault;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.domicile.messaging.testing.InstanceProcess;
import org.domicile.messaging.testing.TestAccounts.TestDevice;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.device.Devices;
import org.domicile.platform.testing.FreePorts;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestParts;

/** Two instances of the packaged service, their database and their broker, each of which can fail. */
final class Parts implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int INSTANCES = 2;

    private final PostgresProcess postgres;
    private final Map<String, String> settings = new HashMap<>();
    private final List<InstanceProcess> instances = new CopyOnWriteArrayList<>();

    Parts(Path folder) throws IOException {
        int port = FreePorts.next();
        postgres = new PostgresProcess(folder.resolve("postgres"), port);
        var platform = new PlatformResource();
        platform.init(Map.of("service", "messaging"));
        settings.putAll(platform.start());
        settings.put("quarkus.datasource.reactive.url", "postgresql://127.0.0.1:" + port + "/postgres");
        settings.put("quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:" + port + "/postgres");
        settings.put("domicile.messaging.push-origin", "https://push.test");
        settings.put("domicile.messaging.backlog", "100");
        settings.put("domicile.messaging.idle", "2s");
        settings.put("domicile.messaging.sweep-every", "500ms");
        settings.put("domicile.messaging.expiry-every", "1s");
        settings.put("domicile.messaging.instance-forgotten", "10s");
    }

    void start() throws IOException {
        postgres.start();
        // the first makes the tables
        instances.add(InstanceProcess.start(settings));
        instances.getFirst().service();
        instances.add(InstanceProcess.start(settings));
        instances.getLast().service();
    }

    /** An account that is at home here, with messaging switched on and one device, as the projections of account-service's events leave it. */
    TestDevice open() throws SQLException {
        var account = AccountId.create();
        var device = new TestDevice(DeviceId.create(account, RANDOM), Devices.newSecret(RANDOM));
        var devices = new JsonArray()
                .add(new JsonObject()
                        .put("deviceId", device.id().value())
                        .put("secretSha256", Devices.digest(device.secret()))
                        .put("appendOnly", false));
        postgres.execute("insert into fence (account_id, mode, epoch) values (?::uuid, 'OWN', 1)", account.toString());
        postgres.execute(
                "insert into device_projection (account_id, version, epoch, devices) values (?::uuid, 1, 1, ?::jsonb)",
                account.toString(),
                devices.encode());
        postgres.execute(
                "insert into consent_projection (account_id, version, epoch, features) values (?::uuid, 1, 1,"
                        + " '{\"messaging\":{\"granted\":true,\"policyVersion\":\"2026-01\"}}')",
                account.toString());
        return device;
    }

    /** An instance that runs, or is about to. */
    URI any(Random random) {
        var all = List.copyOf(instances);
        return all.get(random.nextInt(all.size())).service();
    }

    List<URI> services() {
        return instances.stream().map(InstanceProcess::service).toList();
    }

    /** As {@code kill -9}; another one is started in its place, while the other goes on alone. */
    void killInstance(Random random) {
        var victim = instances.get(random.nextInt(instances.size()));
        instances.remove(victim);
        victim.kill();
        var next = InstanceProcess.start(settings);
        Thread.ofVirtual().start(() -> {
            next.service();
            instances.add(next);
        });
    }

    boolean allRun() {
        return instances.size() == INSTANCES;
    }

    void restartDatabase() throws IOException {
        postgres.kill();
        postgres.start();
    }

    void restartBroker() {
        TestParts.restartKafka();
    }

    long rows(String table) throws SQLException {
        return postgres.count(table);
    }

    @Override
    public void close() throws IOException {
        instances.forEach(InstanceProcess::kill);
        postgres.close();
    }
}
