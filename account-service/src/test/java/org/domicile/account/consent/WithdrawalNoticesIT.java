package org.domicile.account.consent;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.TopicReader;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

/** Backup has a grace of 30 days, messaging none. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class WithdrawalNoticesIT {
    private static final JsonObject NONE = new JsonObject();

    @Inject
    Pool pool;

    @Test
    void a_withdrawal_is_told_with_the_date_of_the_purge_at_once_and_again_a_week_and_a_day_before()
            throws IOException {
        var person = Person.signedUp();
        var token = person.token();
        decide(token, "backup", true);
        decide(token, "backup", false);
        var purgeAt = Person.with(token).get("/v1/me/consents").<String>path("features.backup.purgeAt");

        Person.with(token)
                .get("/v1/me/notices")
                .then()
                .statusCode(200)
                .body("notices.size()", equalTo(1))
                .body("notices[0].kind", equalTo("WITHDRAWAL"));
        assertEquals(3, pending(person));
        TopicReader.until(
                "consent.state",
                person.account(),
                state -> purgeAt.equals(state.getJsonObject("features")
                        .getJsonObject("backup", NONE)
                        .getString("purgeAt")));
        Wait.until("sent", () -> sent(person) > 0);
        assertTrue(Files.readString(person.letter()).contains(purgeAt));

        reminderIsDue(person);
        Wait.until("reminded", () -> sent(person) > 1);
        assertEquals(2, sent(person));
        Person.with(token).get("/v1/me/notices").then().statusCode(200).body("notices.size()", equalTo(2));

        decide(token, "backup", true);
        assertEquals(0, pending(person));
    }

    @Test
    void a_reminder_whose_day_has_passed_is_not_sent() {
        var late = Person.signedUp();
        pool.preparedQuery("insert into notice (account_id, id, version, kind, feature, at, due_at, try_at) values ($1,"
                        + " gen_random_uuid(), 1, 'WITHDRAWAL', 'backup', now() - interval '2 days', now() - interval"
                        + " '1 day', now() - interval '2 days')")
                .executeAndAwait(Tuple.of(late.account().value()));
        var other = Person.signedUp();
        decide(other.token(), "backup", true);
        decide(other.token(), "backup", false);
        Wait.until("those of others are", () -> sent(other) == 1);

        assertEquals(0, count(late, "tries > 0"));
    }

    @Test
    void where_there_is_no_grace_there_is_nothing_to_tell() {
        var person = Person.signedUp();
        var token = person.token();
        decide(token, "messaging", true);
        decide(token, "messaging", false);

        assertEquals(0, pending(person));
    }

    @Test
    void a_month_of_grace_is_told_at_once_a_week_before_its_end_and_a_day_before() {
        var at = Instant.parse("2026-01-01T00:00:00Z");

        assertEquals(
                List.of(at, at.plus(Duration.ofDays(23)), at.plus(Duration.ofDays(29))),
                WithdrawalNotices.times(at, Duration.ofDays(30)).toList());
    }

    @Test
    void a_short_grace_has_no_reminder_that_would_come_before_it() {
        var at = Instant.parse("2026-01-01T00:00:00Z");

        assertEquals(
                List.of(at, at.plus(Duration.ofDays(4))),
                WithdrawalNotices.times(at, Duration.ofDays(5)).toList());
        assertTrue(WithdrawalNotices.times(at, Duration.ZERO).toList().isEmpty());
    }

    private static void decide(String token, String feature, boolean granted) {
        Person.with(token)
                .body(Map.of("granted", granted, "policyVersion", "2026-01"))
                .put("/v1/me/consents/" + feature)
                .then()
                .statusCode(200);
    }

    /** The earlier one. */
    private void reminderIsDue(Person person) {
        pool.preparedQuery("update notice set at = now(), try_at = now() where account_id = $1 and at ="
                        + " (select min(at) from notice where account_id = $1 and sent_at is null)")
                .executeAndAwait(Tuple.of(person.account().value()));
    }

    private long pending(Person person) {
        return count(person, "due_at > now()");
    }

    private long sent(Person person) {
        return count(person, "sent_at is not null");
    }

    private long count(Person person, String which) {
        return pool.preparedQuery("select from notice where account_id = $1 and " + which)
                .executeAndAwait(Tuple.of(person.account().value()))
                .size();
    }
}
