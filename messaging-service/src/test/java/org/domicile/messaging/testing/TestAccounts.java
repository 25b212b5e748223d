package org.domicile.messaging.testing;

import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.device.Devices;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Topics;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.TestRegions;

/** Does what account-service does: opens accounts and publishes consents and devices, on the real topics. */
@ApplicationScoped
public class TestAccounts {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Pool pool;
    private final AtomicLong versions = new AtomicLong();
    private KafkaProducer<String, String> producer;

    @Inject
    public TestAccounts(Pool pool) {
        this.pool = pool;
    }

    /** A device with its credential. */
    public record TestDevice(DeviceId id, String secret) {
        public String credential() {
            return id + "." + secret;
        }

        public AccountId account() {
            return id.accountId();
        }
    }

    /** An account of this region with messaging switched on and one device. */
    public TestDevice open() {
        var account = AccountId.create();
        query("insert into fence (account_id, mode, epoch) values ($1, 'OWN', 1)", account.value());
        var device = device(account);
        devices(account, device);
        consent(account, Feature.MESSAGING);
        return device;
    }

    public TestDevice device(AccountId account) {
        return new TestDevice(DeviceId.create(account, RANDOM), "s".repeat(40) + RANDOM.nextInt(100, 999));
    }

    /** Publishes the account's whole set of devices, and waits for the projection. */
    public void devices(AccountId account, TestDevice... devices) {
        var list = new JsonArray();
        Arrays.stream(devices)
                .forEach(d -> list.add(new JsonObject()
                        .put("deviceId", d.id().value())
                        .put("secretSha256", Devices.digest(d.secret()))
                        .put("appendOnly", false)));
        publish(Topics.DEVICE_STATE, Topics.DEVICE_STATE_V1, "device_projection", account, "devices", list);
    }

    /** Publishes which features are on, and waits for the projection. */
    public void consent(AccountId account, Feature... on) {
        consent(account, Instant.now(), List.of(), on);
    }

    /** Switches everything off, decided in an hour: nothing is allowed any more, and nothing is deleted yet. */
    public void refuse(AccountId account) {
        consent(account, Instant.now().plus(Duration.ofHours(1)), List.of());
    }

    /** The same, under a version of the policy. */
    public void consentTo(String policy, AccountId account, Feature... on) {
        consent(policy, account, Instant.now(), List.of(), on);
    }

    /** @param at when it was decided; @param index hashes by which the account can be found */
    public void consent(AccountId account, Instant at, List<String> index, Feature... on) {
        consent("2026-01", account, at, index, on);
    }

    private void consent(String policy, AccountId account, Instant at, List<String> index, Feature... on) {
        var features = new JsonObject();
        for (var feature : Feature.values()) {
            features.put(
                    feature.id(),
                    new JsonObject()
                            .put("granted", Arrays.asList(on).contains(feature))
                            .put("policyVersion", policy)
                            .put("at", at.toString()));
        }
        features.getJsonObject("discoverability").put("index", new JsonArray(index));
        publish(Topics.CONSENT_STATE, Topics.CONSENT_STATE_V1, "consent_projection", account, "features", features);
    }

    /** Sets the mode of the account's fence. */
    public void fence(AccountId account, String mode) {
        query("update fence set mode = $2, epoch = epoch + 1 where account_id = $1", account.value(), mode);
    }

    /**
     * A transaction that holds the account's fence row.
     *
     * @param begin run when it holds the row, to begin what waits for it
     * @param then the rest of the transaction, as soon as somebody waits
     */
    public void whileHeld(AccountId account, Runnable begin, Function<SqlConnection, Uni<?>> then) {
        pool.withTransaction(held -> held.preparedQuery("select from fence where account_id = $1 for update")
                        .execute(Tuple.of(account.value()))
                        .flatMap(locked ->
                                held.query("select pg_backend_pid() as pid").execute())
                        .map(rows -> rows.iterator().next().getInteger("pid"))
                        .invoke(begin)
                        .flatMap(this::untilSomebodyWaitsFor)
                        .flatMap(v -> then.apply(held)))
                .await()
                .atMost(PATIENCE);
    }

    private Uni<Void> untilSomebodyWaitsFor(int pid) {
        return pool.preparedQuery("select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))")
                .execute(Tuple.of(pid))
                .flatMap(waiting -> waiting.size() > 0 ? Uni.createFrom().voidItem() : untilSomebodyWaitsFor(pid));
    }

    /** Makes the directory say that the account lives in another region. */
    public void residency(AccountId account, String home) {
        query(
                "insert into residency (account_id, home, epoch, previous, since) values ($1, $2, 2, 'cn-north',"
                        + " now())",
                account.value(),
                home);
    }

    /** How many rows of the table name the account. */
    public long rows(String table, AccountId account) {
        return pool.preparedQuery("select count(*) as n from " + table + " where account_id = $1")
                .execute(Tuple.of(account.value()))
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong("n");
    }

    public void awaitRows(String table, AccountId account, long expected) {
        await().atMost(PATIENCE).until(() -> rows(table, account) == expected);
    }

    /** A table that takes no row of some kind until it is closed: who tries fails. */
    public interface Refusing extends AutoCloseable {
        @Override
        void close();
    }

    /** @param which SQL: the rows that are refused, of those called {@code new} */
    public Refusing refusing(String table, String which) {
        query("create or replace function refuse_row() returns trigger language plpgsql as"
                + " $$begin raise exception 'refused by the test'; end$$");
        query("create trigger refuse_row before insert on " + table + " for each row when (" + which
                + ") execute function refuse_row()");
        return () -> query("drop trigger refuse_row on " + table);
    }

    /** The same, of this account. */
    public Refusing refusing(AccountId account) {
        return refusing("message", "new.account_id = '" + account + "'");
    }

    public void query(String sql, Object... values) {
        pool.preparedQuery(sql)
                .execute(Tuple.from(Arrays.asList(values)))
                .await()
                .atMost(PATIENCE);
    }

    private void publish(String topic, String type, String table, AccountId account, String member, Object state) {
        var version = versions.incrementAndGet();
        var data = new JsonObject()
                .put("accountId", account.toString())
                .put("version", version)
                .put("epoch", 1)
                .put(member, state);
        var event = CloudEvent.of("/" + TestRegions.CN + "/account", type, account.toString(), Instant.now(), data);
        producer().send(new ProducerRecord<>(topic, account.toString(), event.toJson()));
        await().atMost(PATIENCE).until(() -> version(table, account) == version);
    }

    private long version(String table, AccountId account) {
        var rows = pool.preparedQuery("select version from " + table + " where account_id = $1")
                .execute(Tuple.of(account.value()))
                .await()
                .atMost(PATIENCE);
        return rows.size() == 0 ? 0 : rows.iterator().next().getLong("version");
    }

    private synchronized KafkaProducer<String, String> producer() {
        if (producer == null) {
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", TestParts.kafka()), new StringSerializer(), new StringSerializer());
        }
        return producer;
    }
}
