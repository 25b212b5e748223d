package org.domicile.backup.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.device.Devices;

/** An account at home here, as the projections of an account-service's events leave it, with two devices and one that is append-only. */
public record TestAccount(
        Pool pool, AccountId id, DeviceId device, DeviceId second, DeviceId appendOnly, String secret) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String POLICY = "2026-01";

    public static TestAccount open(Pool pool) {
        var id = AccountId.create();
        var secret = Devices.newSecret(RANDOM);
        var account = new TestAccount(
                pool,
                id,
                DeviceId.create(id, RANDOM),
                DeviceId.create(id, RANDOM),
                DeviceId.create(id, RANDOM),
                secret);
        var devices = new JsonArray()
                .add(entry(account.device, secret, false))
                .add(entry(account.second, secret, false))
                .add(entry(account.appendOnly, secret, true));
        account.sql("insert into fence (account_id, mode, epoch) values ($1, 'OWN', 1)", Tuple.of(id.value()));
        account.sql(
                "insert into device_projection (account_id, version, epoch, devices) values ($1, 1, 1, $2)",
                Tuple.of(id.value(), devices));
        return account;
    }

    /** More devices, with the same secret. */
    public List<DeviceId> addDevices(int count) {
        var ids =
                Stream.generate(() -> DeviceId.create(id, RANDOM)).limit(count).toList();
        var devices = new JsonArray()
                .add(entry(device, secret, false))
                .add(entry(second, secret, false))
                .add(entry(appendOnly, secret, true));
        ids.forEach(added -> devices.add(entry(added, secret, false)));
        sql("update device_projection set devices = $2 where account_id = $1", Tuple.of(id.value(), devices));
        return ids;
    }

    public void revoke(DeviceId revoked) {
        sql(
                "update device_projection set version = version + 1, devices = (select jsonb_agg(d) from"
                        + " jsonb_array_elements(devices::jsonb) d where d ->> 'deviceId' <> $2) where account_id = $1",
                Tuple.of(id.value(), revoked.value()));
    }

    public TestAccount consenting() {
        return consent(true);
    }

    public TestAccount consent(boolean granted) {
        return consent(granted, Instant.now());
    }

    public TestAccount consent(boolean granted, Instant at) {
        return consent(granted, at, POLICY);
    }

    /** @param policy the version that the decision is about */
    public TestAccount consent(boolean granted, Instant at, String policy) {
        var backup = new JsonObject()
                .put("granted", granted)
                .put("at", at.toString())
                .put("policyVersion", policy);
        var features = new JsonObject().put("backup", backup);
        sql(
                "insert into consent_projection (account_id, version, epoch, features) values ($1, 1, 1, $2)"
                        + " on conflict (account_id) do update set features = excluded.features",
                Tuple.of(id.value(), features));
        return this;
    }

    /** Backup is off, and the owner was told when what is stored goes. */
    public TestAccount withdrawn(Instant at, Instant purgeAt) {
        consent(false, at);
        sql(
                "update consent_projection set features = jsonb_set(features, '{backup,purgeAt}', to_jsonb($2::text))"
                        + " where account_id = $1",
                Tuple.of(id.value(), purgeAt.toString()));
        return this;
    }

    public void sql(String statement, Tuple values) {
        pool.preparedQuery(statement).execute(values).await().indefinitely();
    }

    public long count(String table) {
        return pool.preparedQuery("select count(*) from " + table + " where account_id = $1")
                .execute(Tuple.of(id.value()))
                .await()
                .indefinitely()
                .iterator()
                .next()
                .getLong(0);
    }

    /** Uploads under way. */
    public long pending() {
        return read("select count(*) from uploads where account_id = $1 and state = 'PENDING'")
                .orElseThrow()
                .getLong(0);
    }

    /** The first row of a query whose one parameter is the account's id. */
    public Optional<Row> read(String query) {
        var rows = pool.preparedQuery(query)
                .execute(Tuple.of(id.value()))
                .await()
                .indefinitely()
                .iterator();
        return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
    }

    public String basic() {
        return basic(device);
    }

    public String basic(DeviceId as) {
        return "Basic " + Base64.getEncoder().encodeToString((as + ":" + secret).getBytes());
    }

    private static JsonObject entry(DeviceId device, String secret, boolean appendOnly) {
        return new JsonObject()
                .put("deviceId", device.value())
                .put("secretSha256", Devices.digest(secret))
                .put("appendOnly", appendOnly);
    }
}
