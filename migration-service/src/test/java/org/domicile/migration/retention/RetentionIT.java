package org.domicile.migration.retention;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.export.ExportEndpoint;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.retention.RetentionJob;
import org.domicile.platform.testing.ExportCoverage;
import org.domicile.platform.testing.RetentionChecks;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class RetentionIT {
    @Inject
    MigrationRetention retention;

    @Inject
    ExportEndpoint export;

    @Inject
    AckStore acks;

    @Inject
    RetentionJob job;

    @Inject
    Pool pool;

    private final UUID account = AccountId.create().value();

    @Test
    void every_table_is_in_a_class_of_data_that_has_an_end() {
        assertEquals(
                Set.of(),
                RetentionChecks.undeclared(
                        pool,
                        retention.classes(),
                        "wave_step",
                        "wave_progress",
                        "transfer_total",
                        "log_node",
                        "log_head",
                        "witnessed",
                        "restored_unasked",
                        "reconciliation"));
    }

    @Test
    void an_owners_export_has_every_class_of_data_or_a_reason_why_not() {
        ExportCoverage.assertComplete(
                retention.classes(),
                export.classes(),
                Map.of("replaced-acks", "acks"),
                Map.of(
                        "deliveries", "copies of what is exported, on their way to another region",
                        "forgotten-moves", "ids of regions, for seconds after a restore",
                        "transparency-log", "salted commitments that name nobody; their salt is in the receipts",
                        "erasure-list", "hashes of accounts that are no more"));
    }

    @Test
    void the_docs_have_the_same_table() throws IOException {
        assertEquals(RetentionChecks.rows(retention.classes()), RetentionChecks.documented("migration-service"));
    }

    @Test
    void an_ended_wave_forgets_its_accounts_and_a_live_one_does_not() {
        var ended = wave("now() - interval '181 days'");
        var live = wave("null");
        assertTrue(going("wave-accounts", Instant.now()).contains(account.toString()));
        job.run(Instant.now()).await().indefinitely();

        assertEquals(0, count("wave_account where wave_id = $1", ended));
        assertEquals(1, count("wave_account where wave_id = $1", live));
        run("delete from wave_account where wave_id = $1", live);
        run("delete from wave where id = any(array[$1::uuid, '" + ended + "'])", live);
    }

    @Test
    void states_counts_and_erasures_are_forgotten_when_their_time_is_over() {
        run(
                "insert into directory_log (account_id, home, epoch, state, shadow_epoch, at) values ($1, 'cn-north',"
                        + " 1, 'IDLE', 0, now() - interval '181 days')",
                account);
        run(
                "insert into transfer_head (account_id, year, source, market, target, at)"
                        + " values ($1, 2001, 'cn-north', 'SG', 'ap-southeast', '2001-05-05T00:00:00Z')",
                account);
        run(
                "insert into erasure (account_hash, erasure_id, region, epoch, state, requested_at, deadline, at)"
                        + " values (sha256(uuid_send($1)), gen_random_uuid(), 'cn-north', 2, 'ERASED', now(), now(), now()"
                        + " - interval '401 days')",
                account);
        assertTrue(going("directory-log", Instant.now()).contains(account.toString()));
        assertTrue(going("transfer-heads", Instant.now()).contains(account.toString()));

        job.run(Instant.now()).await().indefinitely();

        assertEquals(0, count("directory_log where account_id = $1", account));
        assertEquals(0, count("transfer_head where account_id = $1", account));
        assertEquals(0, count("erasure where account_hash = sha256(uuid_send($1))", account));
    }

    @Test
    void what_a_service_said_before_is_forgotten_unless_a_move_goes_on() {
        for (var epoch : List.of(1, 2, 3)) {
            var ack = new FenceAck(
                    new AccountId(account),
                    "backup",
                    "cn-north",
                    epoch,
                    FenceMode.OWN,
                    true,
                    Instant.now(),
                    null,
                    null,
                    null,
                    null);
            pool.withTransaction(connection -> acks.put(connection, ack))
                    .await()
                    .indefinitely();
        }
        assertEquals(2, count("ack where account_id = $1 and replaced_at is not null", account));
        run("update ack set replaced_at = now() - interval '181 days' where account_id = $1 and epoch = 1", account);
        run(
                "insert into move (account_id, id, source, target, state, shadow_epoch, fence_epoch, home_epoch, end_epoch,"
                        + " settled, requested_by, created_at, fed) values ($1, gen_random_uuid(), 'cn-north',"
                        + " 'ap-southeast', 'HELD', 0, 0, 0, 0, false, 'a test', now(), false)",
                account);

        job.run(Instant.now()).await().indefinitely();
        assertEquals(3, count("ack where account_id = $1", account), "the hold may need it");

        run("update move set settled = true where account_id = $1", account);
        assertTrue(going("replaced-acks", Instant.now()).contains(account.toString()));
        job.run(Instant.now()).await().indefinitely();
        assertEquals(2, count("ack where account_id = $1 and epoch > 1", account));
        assertEquals(2, count("ack where account_id = $1", account));
    }

    @Test
    void age_and_limit_are_metrics() {
        run(
                "insert into directory_log (account_id, home, epoch, state, shadow_epoch, at) values ($1, 'cn-north',"
                        + " 1, 'IDLE', 0, now() - interval '179 days')",
                account);

        job.run(Instant.now()).await().indefinitely();

        assertTrue(metric("oldest_item_age_seconds", "directory-log") >= 179 * 86_400);
        assertEquals(180 * 86_400, metric("limit_seconds", "directory-log"));
        assertEquals(0, metric("overdue_seconds", "directory-log"));
    }

    @Test
    void an_erasure_that_is_not_complete_is_not_forgotten() {
        run(
                "insert into erasure (account_hash, erasure_id, region, epoch, state, requested_at, deadline, at)"
                        + " values (sha256(uuid_send($1)), gen_random_uuid(), 'cn-north', 2, 'ORDERED', now(), now(),"
                        + " now() - interval '401 days')",
                account);

        job.run(Instant.now()).await().indefinitely();

        assertEquals(1, count("erasure where account_hash = sha256(uuid_send($1))", account));
        run("delete from erasure where account_hash = sha256(uuid_send($1))", account);
    }

    @Test
    void the_year_s_people_are_counted_until_the_january_after_it_is_over() {
        run(
                "insert into transfer_head (account_id, year, source, market, target, at)"
                        + " values ($1, 2030, 'cn-north', 'SG', 'ap-southeast', '2030-05-05T00:00:00Z')",
                account);

        assertEquals(List.of(), owned(going("transfer-heads", Instant.parse("2031-01-31T23:59:59Z"))));
        assertEquals(
                List.of(account.toString()), owned(going("transfer-heads", Instant.parse("2031-02-01T00:00:00Z"))));
        run("delete from transfer_head where account_id = $1", account);
    }

    private List<String> owned(List<String> going) {
        return going.stream().filter(account.toString()::equals).toList();
    }

    private UUID wave(String endedAt) {
        var id = UUID.randomUUID();
        run(
                "insert into wave (id, name, spec, state, requested_by, created_at, ended_at, concurrency,"
                        + " adjusted_at) values ($1, 'old', '{}', 'PAUSED', 'a test', now(), " + endedAt
                        + ", 1, now())",
                id);
        pool.preparedQuery("insert into wave_account (account_id, wave_id, state) values ($1, $2, 'MOVED')")
                .executeAndAwait(Tuple.of(account, id));
        return id;
    }

    private void run(String sql, UUID id) {
        pool.preparedQuery(sql).executeAndAwait(Tuple.of(id));
    }

    private long count(String from, UUID id) {
        return pool.preparedQuery("select count(*) from " + from)
                .executeAndAwait(Tuple.of(id))
                .iterator()
                .next()
                .getLong(0);
    }

    private static double metric(String name, String recordClass) {
        return RetentionChecks.metric(given().get("/q/metrics").asString(), name, recordClass);
    }

    private static List<String> going(String recordClass, Instant at) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/retention?at=" + at)
                .then()
                .statusCode(200)
                .extract()
                .path("classes.find { it.class == '" + recordClass + "' }.going.id");
    }
}
