package org.domicile.platform.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.stream.IntStream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.note.NoteApplication;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(NoteProfile.class)
class OutboxIT {
    private static final int EVENTS = 1_200;

    @Inject
    NoteApplication application;

    @Inject
    Outbox outbox;

    @Inject
    Pool pool;

    @Inject
    MeterRegistry metrics;

    @Test
    void how_long_the_first_event_has_waited_is_a_metric() {
        Wait.until("nothing waits", () -> oldest() == 0);
        var publisher = pool.getConnectionAndAwait();
        try {
            publisher
                    .query("select pg_advisory_lock(" + OutboxPublisher.LOCK + ")")
                    .executeAndAwait();
            pool.preparedQuery(
                            "insert into outbox (topic, key, value, at) values ($1, $2, '{}', now() - interval '90 seconds')")
                    .executeAndAwait(
                            Tuple.of(Topics.BACKUP_EVENTS, AccountId.create().toString()));
            Wait.until("seen", () -> oldest() >= 90);
        } finally {
            publisher
                    .query("select pg_advisory_unlock(" + OutboxPublisher.LOCK + ")")
                    .executeAndAwait();
            publisher.closeAndAwait();
        }
        Wait.until("told", () -> oldest() == 0);
    }

    private double oldest() {
        return metrics.get("domicile.outbox.oldest.age").gauge().value();
    }

    @Test
    void the_events_of_an_account_arrive_in_order_and_leave_the_outbox() {
        var account = AccountId.create();
        for (int i = 0; i < EVENTS; i++) {
            var number = i;
            pool.withTransaction(c -> outbox.add(
                            c,
                            new OutboxEvent(
                                    Topics.BACKUP_EVENTS, account, "org.test", new JsonObject().put("n", number))))
                    .await()
                    .indefinitely();
        }
        Wait.until(
                "all have come",
                () -> application.topics().of(Topics.BACKUP_EVENTS, account).size() >= EVENTS);
        assertEquals(
                IntStream.range(0, EVENTS).boxed().toList(),
                application.topics().of(Topics.BACKUP_EVENTS, account).stream()
                        .map(e -> e.getInteger("n"))
                        .distinct()
                        .toList());
        Wait.until(
                "the outbox is empty",
                () -> pool.query("select count(*) from outbox")
                                .execute()
                                .await()
                                .indefinitely()
                                .iterator()
                                .next()
                                .getLong(0)
                        == 0);
    }
}
