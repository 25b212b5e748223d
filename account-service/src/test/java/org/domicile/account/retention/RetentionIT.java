package org.domicile.account.retention;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.ExportEndpoint;
import org.domicile.platform.retention.RetentionClass;
import org.domicile.platform.testing.ExportCoverage;
import org.domicile.platform.testing.RetentionChecks;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class RetentionIT {
    @Inject
    AccountRetention retention;

    @Inject
    ExportEndpoint export;

    @Inject
    Pool pool;

    @Test
    void every_table_is_in_a_class_of_data_that_has_an_end() {
        assertEquals(Set.of(), RetentionChecks.undeclared(pool, retention.classes(), "export_chunk"));
    }

    @Test
    void an_owners_export_has_every_class_of_data_or_a_reason_why_not() {
        ExportCoverage.assertComplete(
                retention.classes(),
                export.classes(),
                Map.of("inactive-accounts", "activity"),
                Map.of(
                        "identifiers", "keyed hashes of what the profile says, made of it by us",
                        "registrations", "of accounts that are not open yet, and sealed",
                        "confirmations", "what waits for a code, and would tell who asks that somebody else was asked",
                        "password-resets", "keyed hashes, of who asked, whether they have an account or not",
                        "code-budgets", "keyed hashes that nobody can lead back to an account",
                        "erasure-list", "hashes of accounts that are no more"));
    }

    @Test
    void the_docs_have_the_same_table() throws IOException {
        assertEquals(RetentionChecks.rows(retention.classes()), RetentionChecks.documented("account-service"));
    }

    @Test
    void what_is_over_goes_without_being_asked_for() {
        var account = Person.signedUp("IN", "Ada").account();
        assertEquals(1, count("select count(*) from legal_log where account_id = $1", account));
        pool.preparedQuery(
                        "insert into notice (account_id, id, version, kind, at, due_at, sent_at) values ($1, gen_random_uuid(), 1,"
                                + " 'INACTIVITY', now() - interval '160 days', now() - interval '91 days', now())")
                .executeAndAwait(Tuple.of(account.value()));
        pool.preparedQuery("update legal_log set expires_at = now() where account_id = $1")
                .executeAndAwait(Tuple.of(account.value()));

        Wait.until(
                "purged",
                () -> count(
                                "select (select count(*) from legal_log where account_id = $1)"
                                        + " + (select count(*) from notice where account_id = $1)",
                                account)
                        == 0);
    }

    @Test
    void a_measure_that_fails_keeps_its_value_and_says_how_old_it_is() {
        Wait.until("measured", () -> age("legal-logs") < 3);
        assertTrue(metric("overdue_seconds", "legal-logs") >= 0);
        pool.query("alter table legal_log rename to legal_log_away").executeAndAwait();
        try {
            Wait.until("measured no more", () -> age("legal-logs") > 5);
            assertTrue(metric("overdue_seconds", "legal-logs") >= 0);
            assertTrue(age("registrations") < 5, "another look is not held up by it");
        } finally {
            pool.query("alter table legal_log_away rename to legal_log").executeAndAwait();
        }
        Wait.until("measured again", () -> age("legal-logs") < 3);
    }

    private static double age(String recordClass) {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("domicile_look_age_seconds{look=\"retention of " + recordClass + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_dry_run_lists_what_would_go_and_nothing_goes() {
        var registration =
                Person.register(Map.of("market", "SG", "email", Person.newEmail(), "password", Person.PASSWORD));
        var account = pool.query("select account_id from registration where id = '" + registration + "'")
                .executeAndAwait()
                .iterator()
                .next()
                .getUUID(0)
                .toString();
        var tomorrow = Instant.now().plus(Duration.ofDays(1));

        Person.with(AccountParts.operatorToken())
                .get("/v1/retention?at=" + tomorrow)
                .then()
                .statusCode(200)
                .body("service", equalTo("account"))
                .body(
                        "classes.class",
                        equalTo(retention.classes().stream()
                                .map(RetentionClass::name)
                                .toList()))
                .body("classes.find { it.class == 'registrations' }.going.id", hasItem(account));

        var soon = Instant.now().plus(Duration.ofMinutes(30));
        var going = Person.with(AccountParts.operatorToken())
                .get("/v1/retention?at=" + soon)
                .then()
                .statusCode(200)
                .extract()
                .<java.util.List<String>>path("classes.find { it.class == 'registrations' }.going.id");
        assertTrue(!going.contains(account), "not due yet");
        assertEquals(1, count("select count(*) from registration where account_id = $1", AccountId.parse(account)));
    }

    @Test
    void a_dry_run_is_for_operators_and_says_what_is_wrong_with_a_question() {
        Person.signedUp().asked().get("/v1/retention").then().statusCode(403);
        Person.with(AccountParts.operatorToken())
                .get("/v1/retention?at=tomorrow")
                .then()
                .statusCode(400)
                .body("type", equalTo("https://domicile.dev/errors/invalid-request"));
    }

    @Test
    void age_limit_and_what_is_overdue_are_metrics() {
        Person.signedUp("IN", "Ada");

        Wait.until("measured", () -> metric("oldest_item_age_seconds", "legal-logs") > 0);
        assertEquals(365 * 86_400, metric("limit_seconds", "legal-logs"));
        assertTrue(metric("overdue_seconds", "registrations") >= 0);
    }

    private static double metric(String name, String recordClass) {
        return RetentionChecks.metric(given().get("/q/metrics").asString(), name, recordClass);
    }

    private long count(String sql, AccountId account) {
        return pool.preparedQuery(sql)
                .executeAndAwait(Tuple.of(account.value()))
                .iterator()
                .next()
                .getLong(0);
    }
}
