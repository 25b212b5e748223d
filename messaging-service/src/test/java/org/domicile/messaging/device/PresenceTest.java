package org.domicile.messaging.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.domicile.messaging.subscription.DeviceCredential;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.junit.jupiter.api.Test;

/** Whose the row is, in whatever order the answers of the database come. */
class PresenceTest {
    private static final DeviceId DEVICE = DeviceId.create(AccountId.create(), new SecureRandom());

    private final Rows rows = new Rows();
    private final Presence presence = new Presence(new SimpleMeterRegistry(), rows, null, null);

    @Test
    void a_replaced_connection_that_is_made_known_last_does_not_take_the_row_of_the_newer_one_away() {
        var first = open();
        var second = open();
        rows.made(1, 7);
        rows.made(0, 8);

        presence.leave(first);
        assertEquals(List.of(), forgotten());

        presence.leave(second);
        assertEquals(List.of(8L), forgotten());
    }

    @Test
    void a_connection_that_ends_while_it_is_made_known_leaves_no_row() {
        var session = open();
        presence.leave(session);
        assertEquals(List.of(), forgotten());
        rows.made(0, 3);
        assertEquals(List.of(3L), forgotten());
    }

    @Test
    void a_connection_that_ends_takes_its_row_with_it() {
        var session = open();
        rows.made(0, 5);
        presence.leave(session);
        assertEquals(List.of(5L), forgotten());
    }

    private DeviceSession open() {
        var session = new DeviceSession(
                new DeviceCredential(DEVICE, "secret"),
                new DeviceSessionTest.TestConnection(),
                new DeviceSessionTest.Idle(),
                null,
                presence,
                null,
                null,
                DeviceSessionTest.CONFIG,
                Clock.systemUTC());
        presence.enter(session);
        session.onText("{\"messageType\":\"hello\"}").subscribe().with(done -> {});
        return session;
    }

    private List<Long> forgotten() {
        rows.gone.clear();
        presence.forgetEnded().await().indefinitely();
        return List.copyOf(rows.gone);
    }

    /** Answers when it is told to. */
    private static final class Rows extends PresenceStore {
        private final List<UniEmitter<? super Optional<Entered>>> asked = new ArrayList<>();
        private final List<Long> gone = new ArrayList<>();

        Rows() {
            super(null, null);
        }

        void made(int which, long number) {
            asked.get(which).complete(Optional.of(new Entered(number, false, Optional.of(UUID.randomUUID()))));
        }

        @Override
        Uni<Optional<Entered>> enter(DeviceId device) {
            return Uni.createFrom().emitter(asked::add);
        }

        @Override
        Uni<Void> leave(Collection<Ended> ended) {
            ended.forEach(each -> gone.add(each.connection()));
            return Uni.createFrom().voidItem();
        }
    }
}
