package org.domicile.platform.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
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
