package org.domicile.backup.retention;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.domicile.backup.blob.OrphanSweep;
import org.domicile.backup.blob.TrashPurge;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.participant.ExportEndpoint;
import org.domicile.platform.retention.RetentionJob;
import org.domicile.platform.testing.ExportCoverage;
import org.domicile.platform.testing.RetentionChecks;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RetentionIT extends BackupTest {
    @Inject
    BackupRetention retention;

    @Inject
    ExportEndpoint export;

    @Inject
    RetentionJob job;

    @Inject
    OrphanSweep sweep;

    @Inject
    TrashPurge trash;

    @Test
    void every_table_is_in_a_class_of_data_that_has_an_end() {
        assertEquals(
                Set.of(), RetentionChecks.undeclared(pool, retention.classes(), "fetched", "webdav_fetched", "turns"));
    }

    @Test
    void an_owners_export_has_every_class_of_data_or_a_reason_why_not() {
        ExportCoverage.assertComplete(
                retention.classes(),
                export.classes(),
                Map.of(
                        "blobs", "backups",
                        "trash", "backups",
                        "withdrawn-backups", "backups",
                        "files", "webdav-resources",
                        "file-contents", "webdav-contents",
                        "markets", "market"),
                Map.of(
                        "usage", "the sum of the sizes that are exported",
                        "direct-urls", "times of a minute at most",
                        "uploads", "not stored yet",
                        "ended-uploads", "names of what is exported or gone",
                        "purges", "names of what is being deleted",
                        "erasure-list", "hashes of accounts that are no more"));
    }

    @Test
    void the_docs_have_the_same_table() throws IOException {
        assertEquals(RetentionChecks.rows(retention.classes()), RetentionChecks.documented("cloud-backup-service"));
    }

    @Test
    void an_upload_that_nobody_ended_is_listed_measured_and_goes() {
        var account = consenting();
        account.sql(
                "insert into uploads (account_id, generation, repository, type, name, size, device_id, started_at,"
                        + " state) values ($1, $2, 'phone', 'data', 'x', 1, $3, now() - interval '7 hours', 'PENDING')",
                Tuple.of(
                        account.id().value(),
                        UUID.randomUUID(),
                        account.device().value()));

        job.run(Instant.now()).await().indefinitely();
        assertTrue(going("uploads").contains(account.id().toString()));
        assertTrue(metric("oldest_item_age_seconds", "uploads") >= 7 * 3600);
        assertTrue(metric("overdue_seconds", "uploads") >= 3600);
        assertEquals(6 * 3600, metric("limit_seconds", "uploads"));

        sweep.sweep().await().indefinitely();
        job.run(Instant.now()).await().indefinitely();
        assertFalse(going("uploads").contains(account.id().toString()));
        assertEquals(0, metric("overdue_seconds", "uploads"));
    }

    @Test
    void the_trash_is_listed_when_its_window_is_over_and_not_before() {
        var account = consenting();
        trashed(account, Duration.ofDays(6));
        assertFalse(going("trash").contains(account.id().toString()));
        trashed(account, Duration.ofDays(8));
        assertTrue(going("trash").contains(account.id().toString()));

        trash.purge().await().indefinitely();

        assertFalse(going("trash").contains(account.id().toString()));
        assertEquals(1, account.count("blobs"));
    }

    @Test
    void a_withdrawn_backup_is_due_after_the_grace_of_its_market() {
        var account = consenting();
        account.sql(
                "insert into repositories (account_id, repository, version, created_at) values ($1, 'phone', 1, now())",
                Tuple.of(account.id().value()));
        account.consent(false, Instant.now().minus(Duration.ofDays(29)));
        assertFalse(going("withdrawn-backups").contains(account.id().toString()));
        account.consent(false, Instant.now().minus(Duration.ofDays(31)));
        assertTrue(going("withdrawn-backups").contains(account.id().toString()));
        account.consent(true);
        assertFalse(going("withdrawn-backups").contains(account.id().toString()));
    }

    private static void trashed(TestAccount account, Duration ago) {
        account.sql(
                "insert into blobs (account_id, blob_id, version, repository, type, name, size, sha256, state,"
                        + " stored_at, trashed_at, generation) values ($1, $2, 1, 'phone', 'data', 'x', 1, 'x', 'TRASHED',"
                        + " $3, $3, $2)",
                Tuple.of(
                        account.id().value(),
                        UUID.randomUUID(),
                        Instant.now().minus(ago).atOffset(ZoneOffset.UTC)));
    }

    private static List<String> going(String recordClass) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/retention")
                .then()
                .statusCode(200)
                .extract()
                .path("classes.find { it.class == '" + recordClass + "' }.going.id");
    }

    private static double metric(String name, String recordClass) {
        return RetentionChecks.metric(given().get("/q/metrics").asString(), name, recordClass);
    }
}
