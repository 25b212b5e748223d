package org.domicile.messaging.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.queue.Message;
import org.domicile.messaging.queue.MessageQueue;
import org.domicile.messaging.queue.Urgency;
import org.domicile.messaging.subscription.DeviceCredential;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What time does to a connection: half-open sockets, and clients that never say hello. */
class DeviceSessionTest {
    static final MessagingConfig CONFIG = new SmallRyeConfigBuilder()
            .withMapping(MessagingConfig.class)
            .withConverter(Duration.class, 200, new DurationConverter())
            .withDefaultValue("domicile.messaging.push-origin", "https://push.test")
            .build()
            .getConfigMapping(MessagingConfig.class);

    private final TestClock clock = new TestClock();
    private final TestConnection wire = new TestConnection();
    private final DeviceSession session = new DeviceSession(
            new DeviceCredential(DeviceId.create(AccountId.create(), new SecureRandom()), "secret"),
            wire,
            null,
            null,
            null,
            null,
            null,
            CONFIG,
            clock);

    @Test
    void a_client_that_never_says_hello_is_closed() {
        pass(CONFIG.helloTimeout());
        assertEquals(List.of(), wire.log);
        pass(Duration.ofSeconds(1));
        assertEquals(List.of("HELLO_TIMEOUT"), wire.log);
    }

    @Test
    void a_frame_that_is_no_hello_ends_it_before_anything_is_looked_up() {
        session.onText("{\"messageType\":\"ack\",\"updates\":[]}").await().indefinitely();
        assertEquals(List.of("NO_HELLO"), wire.log);
        session.onText("{}").await().indefinitely();
        assertEquals(List.of("NO_HELLO"), wire.log, "said once");
    }

    @Test
    void a_half_open_socket_is_pinged_and_then_closed_and_a_pong_saves_it() {
        var greeted = live(new Idle(), wire);
        wire.log.clear();
        pass(CONFIG.idle().plusSeconds(1), greeted);
        assertEquals(List.of("ping"), wire.log);
        greeted.onPong();
        pass(CONFIG.idle().plusSeconds(1), greeted);
        assertEquals(List.of("ping", "ping"), wire.log);
        pass(CONFIG.idle().plusSeconds(1), greeted);
        assertEquals(List.of("ping", "ping", "SILENT"), wire.log);
    }

    @Test
    void a_message_for_a_device_that_is_up_to_date_is_sent_without_a_read() {
        var queue = new Idle();
        var live = live(queue, wire);
        assertEquals(1, queue.reads);

        live.offer(message(), Optional.empty());

        assertEquals(List.of("Hello", "Notification"), wire.log);
        assertEquals(1, queue.reads);
    }

    @Test
    void a_message_that_cannot_be_handed_over_fails_nobody_and_ends_the_connection() {
        var broken = new TestConnection() {
            @Override
            public void send(ServerFrame frame) {
                super.send(frame);
                if (frame instanceof ServerFrame.Notification) {
                    throw new IllegalStateException("broken");
                }
            }
        };
        live(new Idle(), broken).offer(message(), Optional.empty());
        assertEquals(List.of("Hello", "Notification", "FAILED"), broken.log);
    }

    /** A client tells by the code whether to connect again, and where it will be taken. */
    @ParameterizedTest
    @CsvSource({
        "WRONG_REGION,1012",
        "ACCOUNT_FROZEN,1013",
        "UNAVAILABLE,1013",
        "CONSENT_REQUIRED,4774",
        "UNAUTHORIZED,4774",
        "INTERNAL,1011"
    })
    void a_hello_that_fails_ends_the_connection_with_the_code_of_its_reason(ErrorCode why, int code) {
        var presence =
                new Presence(new SimpleMeterRegistry(), new Failing(new ProblemException(why, "so")), null, null);
        var greeted =
                new DeviceSession(session.credential(), wire, new Idle(), null, presence, null, null, CONFIG, clock);

        greeted.onText("{\"messageType\":\"hello\"}")
                .onFailure()
                .recoverWithNull()
                .await()
                .indefinitely();

        assertEquals(1, wire.log.size(), wire.log.toString());
        assertEquals(code, CloseReason.valueOf(wire.log.getFirst()).code());
    }

    private DeviceSession live(MessageQueue queue, Connection connection) {
        var presence = new Presence(new SimpleMeterRegistry(), new Known(), null, null);
        var live =
                new DeviceSession(session.credential(), connection, queue, null, presence, null, null, CONFIG, clock);
        live.onText("{\"messageType\":\"hello\"}").await().indefinitely();
        return live;
    }

    private Message message() {
        return new Message(
                UUID.randomUUID(),
                session.device().accountId(),
                session.device(),
                UUID.randomUUID(),
                new byte[0],
                Instant.MAX,
                Urgency.NORMAL,
                true,
                false);
    }

    private void pass(Duration time) {
        pass(time, session);
    }

    private void pass(Duration time, DeviceSession swept) {
        clock.now = clock.now.plus(time);
        swept.sweep();
    }

    /** A queue whose device has nothing waiting, and its presence. */
    static final class Idle extends MessageQueue {
        private int reads;

        Idle() {
            super(null, null, null, null, null, null, null, null, null, null, null, null);
        }

        @Override
        public Uni<List<Message>> waiting(DeviceId device, Urgency least, Collection<UUID> without, int limit) {
            reads++;
            return Uni.createFrom().item(List.of());
        }
    }

    private static final class Known extends PresenceStore {
        Known() {
            super(null, null);
        }

        @Override
        Uni<Optional<Entered>> enter(DeviceId device) {
            return Uni.createFrom().item(Optional.of(new Entered(1, false, Optional.of(UUID.randomUUID()))));
        }
    }

    private static final class Failing extends PresenceStore {
        private final ProblemException why;

        Failing(ProblemException why) {
            super(null, null);
            this.why = why;
        }

        @Override
        Uni<Optional<Entered>> enter(DeviceId device) {
            return Uni.createFrom().failure(why);
        }
    }

    private static final class TestClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    static class TestConnection implements Connection {
        final List<String> log = new ArrayList<>();

        @Override
        public void send(ServerFrame frame) {
            log.add(frame.getClass().getSimpleName());
        }

        @Override
        public void ping() {
            log.add("ping");
        }

        @Override
        public void close(CloseReason reason) {
            log.add(reason.name());
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void executeAfter(long millis, Runnable task) {
            throw new AssertionError("nothing to try again");
        }
    }
}
