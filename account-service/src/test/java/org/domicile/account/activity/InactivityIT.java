package org.domicile.account.activity;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.Undeliverable;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

/** The test has the clock: it says what time it is where an account is looked at. In IN an account is kept for three years. */
@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class InactivityIT {
    private static final Duration PERIOD = Duration.ofDays(3 * 365);

    @Inject
    InactivityWatch watch;

    @Inject
    ActivityStore store;

    @Inject
    Pool pool;

    @Test
    void nobody_is_erased_without_four_notices_and_whoever_comes_back_in_the_grace_keeps_the_account() {
        var person = Person.signedUp("IN", "Ada");
        var account = person.account();
        var end = state(account).at().plus(PERIOD);

        look(account, end.minus(Duration.ofDays(61)));
        assertEquals(0, state(account).notices());
        for (int days : new int[] {60, 30, 7, 1}) {
            look(account, end.minus(Duration.ofDays(days)));
            Wait.until("sent", () -> !state(account).unsent());
        }
        assertEquals(4, state(account).notices());
        assertEquals(end, state(account).eraseAt());
        assertEquals(0, count("select count(*) from erasure where account_id = $1", account));
        look(account, end);
        assertEquals(1, count("select count(*) from erasure where account_id = $1 and state = 'SCHEDULED'", account));
        assertEquals(4, count("select count(*) from notice where account_id = $1 and sent_at is not null", account));
        assertTrue(Files.exists(person.letter()));

        var token = person.token();
        Person.with(token).post("/v1/me/activity").then().statusCode(200).body("notices", equalTo(0));
        Person.with(token).get("/v1/me/erasure").then().statusCode(200).body("state", equalTo("CANCELLED"));
        Person.with(token)
                .get("/v1/me/notices")
                .then()
                .statusCode(200)
                .body("notices.size()", equalTo(4))
                .body("notices.kind", everyItem(equalTo("INACTIVITY")));
    }

    @Test
    void nobody_is_erased_whom_no_notice_has_reached_and_a_late_one_puts_the_erasure_off() throws IOException {
        var person = Person.signedUp("IN", "Ada");
        var account = person.account();
        try (var undeliverable = new Undeliverable(person)) {
            pool.preparedQuery("update activity set at = now() - interval '1200 days' where account_id = $1")
                    .executeAndAwait(Tuple.of(account.value()));
            look(account, Instant.now().minus(Duration.ofDays(59)));
            look(account, Instant.now().plus(PERIOD));
            Wait.until(
                    "tried",
                    () -> count("select count(*) from notice where account_id = $1 and tries > 0", account) == 1);
            look(account, Instant.now().plus(PERIOD));

            assertTrue(state(account).unsent());
            assertEquals(1, state(account).notices());
            assertEquals(0, count("select count(*) from erasure where account_id = $1", account));
        }
        pool.preparedQuery("update notice set try_at = now() where account_id = $1")
                .executeAndAwait(Tuple.of(account.value()));
        Wait.until("sent", () -> !state(account).unsent());

        var eraseAt = state(account).eraseAt();
        assertFalse(eraseAt.isBefore(Instant.now().plus(Duration.ofDays(59))), eraseAt::toString);
        assertTrue(Files.readString(person.letter()).contains(eraseAt.toString()));
    }

    @Test
    void who_comes_back_before_a_notice_was_sent_is_not_sent_it() throws IOException {
        var person = Person.signedUp("IN", "Ada");
        var account = person.account();
        try (var undeliverable = new Undeliverable(person)) {
            look(account, state(account).at().plus(PERIOD).minus(Duration.ofDays(60)));
            assertTrue(state(account).unsent());

            person.asked().post("/v1/me/activity").then().statusCode(200).body("notices", equalTo(0));

            assertEquals(0, count("select count(*) from notice where account_id = $1", account));
        }
    }

    @Test
    void a_request_of_the_owner_is_enough() {
        var person = Person.signedUp("IN", "Ada");
        look(person.account(), state(person.account()).at().plus(PERIOD).minus(Duration.ofDays(60)));
        assertEquals(1, state(person.account()).notices());

        person.asked().get("/v1/me").then().statusCode(200);

        Wait.until("not inactive any more", () -> state(person.account()).notices() == 0);
    }

    @Test
    void an_account_whose_devices_work_is_not_inactive() {
        var account = Person.signedUp("IN", "Ada").account();
        var end = state(account).at().plus(PERIOD);
        var used = end.minus(Duration.ofDays(90));
        pool.preparedQuery("insert into device_use (account_id, at) values ($1, $2)")
                .executeAndAwait(Tuple.of(account.value(), used.atOffset(ZoneOffset.UTC)));

        look(account, end.minus(Duration.ofDays(60)));

        assertEquals(0, state(account).notices());
        assertEquals(used, state(account).at());
    }

    @Test
    void who_was_not_here_for_long_is_told_without_being_asked_for() {
        var person = Person.signedUp("SG", "Ada");
        pool.preparedQuery("update activity set at = at - interval '2000 days' where account_id = $1")
                .executeAndAwait(Tuple.of(person.account().value()));

        Wait.until("told", () -> Files.exists(person.letter()));

        var state = state(person.account());
        assertEquals(1, state.notices());
        assertFalse(state.eraseAt().isBefore(Instant.now().plus(Duration.ofDays(59))));
    }

    @Test
    void an_owner_sees_until_when_the_account_is_kept() {
        Person.signedUp("SG", "Ada")
                .asked()
                .get("/v1/me/activity")
                .then()
                .statusCode(200)
                .body("notices", equalTo(0))
                .body(
                        "erasedAt",
                        greaterThan(Instant.now().plus(Duration.ofDays(394)).toString()));
    }

    private void look(AccountId account, Instant now) {
        watch.lookAt(account, now).await().indefinitely();
    }

    private Inactivity state(AccountId account) {
        return store.find(account).await().indefinitely();
    }

    private long count(String sql, AccountId account) {
        return pool.preparedQuery(sql)
                .executeAndAwait(Tuple.of(account.value()))
                .iterator()
                .next()
                .getLong(0);
    }
}
