package org.domicile.account.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import org.domicile.account.testing.AccountParts;
import org.domicile.account.testing.Person;
import org.domicile.account.testing.Undeliverable;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AccountParts.class)
class NoticesIT {
    private static final int UNDELIVERABLE = 101;

    @Inject
    Pool pool;

    @Inject
    MeterRegistry metrics;

    @Test
    void a_hundred_that_cannot_be_delivered_keep_no_other_waiting() throws IOException {
        var unreachable = Person.signedUp();
        var other = Person.signedUp();
        try (var undeliverable = new Undeliverable(unreachable)) {
            give(unreachable, UNDELIVERABLE, "2 hours");
            give(other, 1, "1 hour");

            Wait.until("sent", () -> count(other, "sent_at is not null") == 1);
            Wait.until("tried", () -> count(unreachable, "tries > 0") == UNDELIVERABLE);
            assertEquals(0, count(unreachable, "sent_at is not null"));
            assertEquals(UNDELIVERABLE, count(unreachable, "try_at > now() + interval '30 seconds'"));
            Wait.until("measured", () -> oldest() >= 7_200);
        } finally {
            pool.preparedQuery("delete from notice where account_id = $1")
                    .executeAndAwait(Tuple.of(unreachable.account().value()));
        }
        Wait.until("measured again", () -> oldest() < 7_200);
    }

    @Test
    void an_identifier_that_has_a_notice_is_not_sent_it_again_because_of_another() throws IOException {
        var phone = Person.newPhone();
        var person = Person.signedUp();
        var change = person.asked()
                .body(Map.of("phone", phone))
                .patch("/v1/me")
                .then()
                .statusCode(202)
                .extract()
                .<String>path("waiting[0].confirmationId");
        person.asked()
                .body(Map.of("code", Person.code(phone)))
                .post("/v1/me/confirmations/" + change)
                .then()
                .statusCode(200);
        var folder = person.letter().resolveSibling(URLEncoder.encode(phone, StandardCharsets.UTF_8));
        Files.createDirectories(folder.resolve("full"));
        give(person, 1, "1 hour");
        Wait.until("half sent", () -> count(person, "sent_to = '{EMAIL}'") == 1);
        Files.delete(person.letter());

        Files.delete(folder.resolve("full"));
        Files.delete(folder);
        pool.preparedQuery("update notice set try_at = now() where account_id = $1")
                .executeAndAwait(Tuple.of(person.account().value()));
        Wait.until("sent", () -> count(person, "kind = 'INACTIVITY' and sent_at is not null") == 1);

        assertTrue(Files.exists(folder));
        assertTrue(Files.notExists(person.letter()));
    }

    private void give(Person person, int many, String ago) {
        pool.preparedQuery(
                        "insert into notice (account_id, id, version, kind, at, due_at) select $1, gen_random_uuid(),"
                                + " 1, 'INACTIVITY', now() - $3::text::interval, now() + interval '60 days' from"
                                + " generate_series(1, $2)")
                .executeAndAwait(Tuple.of(person.account().value(), many, ago));
    }

    private double oldest() {
        return metrics.get("domicile.notices.unsent.oldest.seconds").gauge().value();
    }

    private long count(Person person, String which) {
        return pool.preparedQuery("select from notice where account_id = $1 and " + which)
                .executeAndAwait(Tuple.of(person.account().value()))
                .size();
    }
}
