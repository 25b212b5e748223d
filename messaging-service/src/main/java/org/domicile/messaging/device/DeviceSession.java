package org.domicile.messaging.device;

import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.device.FrameReader.BadFrame;
import org.domicile.messaging.instance.WakeUps;
import org.domicile.messaging.queue.Message;
import org.domicile.messaging.queue.MessageQueue;
import org.domicile.messaging.queue.Urgency;
import org.domicile.messaging.subscription.DeviceCredential;
import org.domicile.messaging.subscription.Subscriptions;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.jboss.logging.Logger;

/**
 * One device's connection: the autopush protocol. It begins with hello, then delivers what waits in the order of acceptance,
 * and what comes in. All methods run on the connection's event loop, but {@link #offer} and {@link #end}, which hop there.
 *
 * <pre>
 *   NEW ── hello ──▶ GREETING ── uaid known ──▶ LIVE ── close ──▶ CLOSED   (close from any state)
 * </pre>
 */
final class DeviceSession implements Acknowledged.Listener {
    private static final Logger LOG = Logger.getLogger(DeviceSession.class);
    private static final long RETRY_MILLIS = 1_000;

    private enum State {
        NEW,
        GREETING,
        LIVE,
        CLOSED
    }

    private final DeviceCredential credential;
    private final DeviceId device;
    private final Connection connection;
    private final MessageQueue queue;
    private final Subscriptions subscriptions;
    private final Presence presence;
    private final WakeUps wakeUps;
    private final MessagingConfig config;
    private final Clock clock;
    private final DeliveryWindow window;
    private final Acknowledged acknowledged;
    private final Silence silence;
    private final Instant opened;
    private State state = State.NEW;
    private Urgency least = Urgency.VERY_LOW;
    private volatile long number;
    private Instant pinged = Instant.MIN;

    DeviceSession(
            DeviceCredential credential,
            Connection connection,
            MessageQueue queue,
            Subscriptions subscriptions,
            Presence presence,
            WakeUps wakeUps,
            AckMetrics acks,
            MessagingConfig config,
            Clock clock) {
        this.credential = credential;
        this.device = credential.device();
        this.connection = connection;
        this.queue = queue;
        this.subscriptions = subscriptions;
        this.presence = presence;
        this.wakeUps = wakeUps;
        this.config = config;
        this.clock = clock;
        this.window = new DeliveryWindow(config.window());
        this.acknowledged = new Acknowledged(device, connection, queue, acks, clock, this);
        this.silence = new Silence(config.idle(), clock);
        this.opened = clock.instant();
    }

    DeviceId device() {
        return device;
    }

    DeviceCredential credential() {
        return credential;
    }

    /** The connection's number among all of the device; 0 until it is known to the other instances. */
    long connection() {
        return number;
    }

    /** The row that makes the device's connection known bears this number now. */
    void numbered(long connection) {
        number = Math.max(number, connection);
    }

    /** Sends a message of TTL 0, or does not; from any thread. */
    Uni<Boolean> deliver(Message message) {
        return Uni.createFrom()
                .emitter(emitter -> connection.execute(() -> {
                    var sent = isWanted(message) && window.offerOnce(message);
                    if (sent) {
                        connection.send(new ServerFrame.Notification(message));
                    }
                    emitter.complete(sent);
                }));
    }

    /** Something waits in the database; or, with a number, the device has a newer connection elsewhere. From any thread. */
    void wake(long newer) {
        connection.execute(() -> {
            if (newer > 0) {
                if (number > 0 && number < newer) {
                    close(CloseReason.REPLACED);
                }
                return;
            }
            window.missed();
            read();
        });
    }

    /**
     * Hands over a durable message that was just accepted, and names the one before it; from any thread. Its sender has been promised
     * already: what goes wrong here ends the connection, and the next reads the rows.
     */
    void offer(Message message, Optional<UUID> before) {
        connection.execute(() -> {
            try {
                if (isWanted(message) && window.offer(message, before)) {
                    connection.send(new ServerFrame.Notification(message));
                } else {
                    read();
                }
            } catch (RuntimeException e) {
                LOG.warnf("message not handed over device=%s reason=%s", device, e);
                close(CloseReason.FAILED);
            }
        });
    }

    /** Ends the connection; from any thread. */
    void end(CloseReason reason) {
        connection.execute(() -> close(reason));
    }

    /** A text frame. @return completes when the next frame may come */
    Uni<Void> onText(String text) {
        silence.heard();
        if (state == State.CLOSED) {
            return Uni.createFrom().voidItem();
        }
        try {
            return handle(FrameReader.read(text));
        } catch (BadFrame bad) {
            close(bad.reason());
            return Uni.createFrom().voidItem();
        }
    }

    void onBinary() {
        close(CloseReason.NOT_TEXT);
    }

    void onPong() {
        silence.heard();
    }

    void onClosed() {
        state = State.CLOSED;
    }

    /** Called now and then: ends what never said hello, and what no longer answers. */
    void sweep() {
        connection.execute(() -> {
            if (state == State.NEW && clock.instant().isAfter(opened.plus(config.helloTimeout()))) {
                close(CloseReason.HELLO_TIMEOUT);
            } else if (silence.isTooLong()) {
                close(CloseReason.SILENT);
            } else if (silence.isLong()) {
                connection.ping();
            }
        });
    }

    private Uni<Void> handle(ClientFrame frame) {
        if (state == State.NEW && !(frame instanceof ClientFrame.Hello)) {
            close(CloseReason.NO_HELLO);
            return Uni.createFrom().voidItem();
        }
        return switch (frame) {
            case ClientFrame.Hello hello -> hello(hello);
            case ClientFrame.Register register -> register(register);
            case ClientFrame.Unregister unregister -> unregister(unregister);
            case ClientFrame.Ack ack -> now(() -> ack(ack));
            case ClientFrame.Nack nack -> now(() -> id(nack.version()).ifPresent(window::nack));
            case ClientFrame.LeastUrgency urgency -> now(() -> least(urgency.least()));
            case ClientFrame.Ping ping -> now(this::ping);
            case ClientFrame.BroadcastSubscribe ignored -> now(() -> {});
        };
    }

    private Uni<Void> hello(ClientFrame.Hello frame) {
        if (state != State.NEW) {
            return now(() -> close(CloseReason.HELLO_TWICE));
        }
        state = State.GREETING;
        return onLoop(enter(frame))
                .invoke(this::greet)
                .onFailure()
                .invoke(failure -> close(closing(failure)))
                .replaceWithVoid();
    }

    /** Makes the connection known to all instances before anything is read. @return the device's uaid */
    private Uni<UUID> enter(ClientFrame.Hello frame) {
        return presence.announce(device).flatMap(entered -> {
            var told = entered.replaces()
                    ? wakeUps.connected(device, entered.connection())
                    : Uni.createFrom().voidItem();
            return told.chain(() -> entered.uaid()
                    .map(known -> frame.contradicts(known)
                            ? subscriptions.beginAnew(device)
                            : Uni.createFrom().item(known))
                    .orElseGet(() -> subscriptions.userAgent(device)));
        });
    }

    private void greet(UUID uaid) {
        if (state == State.GREETING) {
            state = State.LIVE;
            connection.send(new ServerFrame.Hello(uaid));
            read();
        }
    }

    private Uni<Void> register(ClientFrame.Register frame) {
        return onLoop(subscriptions.register(credential, frame.channel(), frame.key()))
                .map(endpoint -> new ServerFrame.Registered(frame.channel(), 200, endpoint.toString()))
                .onFailure()
                .recoverWithItem(failure -> new ServerFrame.Registered(frame.channel(), status(failure), ""))
                .invoke(this::send)
                .replaceWithVoid();
    }

    private Uni<Void> unregister(ClientFrame.Unregister frame) {
        return onLoop(subscriptions.unregister(device, frame.channel()))
                .invoke(found -> window.ended(frame.channel()))
                .map(found -> new ServerFrame.Unregistered(frame.channel(), 200))
                .onFailure()
                .recoverWithItem(failure -> new ServerFrame.Unregistered(frame.channel(), status(failure)))
                .invoke(this::send)
                .invoke(this::read)
                .replaceWithVoid();
    }

    private void ack(ClientFrame.Ack frame) {
        for (var update : frame.updates()) {
            id(update.version()).filter(window::ack).ifPresent(id -> acknowledged.add(id, AckCode.of(update.code())));
        }
        acknowledged.delete();
        read();
    }

    /** What matters less waits in its row; once it is wanted, it is read. */
    private void least(Optional<Urgency> wanted) {
        wanted.ifPresent(urgency -> {
            least = urgency;
            window.missed();
        });
        send(new ServerFrame.UrgencySet(wanted.isPresent() ? 200 : 400));
        read();
    }

    private boolean isWanted(Message message) {
        return state == State.LIVE && message.urgency().compareTo(least) >= 0;
    }

    private void ping() {
        var now = clock.instant();
        if (now.isBefore(pinged.equals(Instant.MIN) ? now : pinged.plus(config.pingInterval()))) {
            close(CloseReason.TOO_MANY_PINGS);
            return;
        }
        pinged = now;
        connection.send(new ServerFrame.Pong());
    }

    @Override
    public void deleted(Collection<UUID> ids) {
        window.deleted(ids);
        read();
    }

    @Override
    public void elsewhere(ProblemException why) {
        close(closing(why));
    }

    /** Sends what waits in the database, as far as there is room. */
    private void read() {
        var room = state == State.LIVE ? window.startReading() : 0;
        if (room == 0) {
            return;
        }
        onLoop(queue.waiting(device, least, window.known(), room)).subscribe().with(this::deliver, failure -> {
            LOG.warnf("queue not read, will retry device=%s reason=%s", device, failure);
            window.readFailed();
            if (state != State.CLOSED) {
                connection.executeAfter(RETRY_MILLIS, this::read);
            }
        });
    }

    private void deliver(List<Message> rows) {
        window.read(rows).forEach(message -> send(new ServerFrame.Notification(message)));
        read();
    }

    private void send(ServerFrame frame) {
        if (state == State.LIVE) {
            connection.send(frame);
        }
    }

    private void close(CloseReason reason) {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            connection.close(reason);
        }
    }

    private <T> Uni<T> onLoop(Uni<T> work) {
        return work.emitOn(connection::execute);
    }

    private static Uni<Void> now(Runnable action) {
        action.run();
        return Uni.createFrom().voidItem();
    }

    private static Optional<UUID> id(String version) {
        try {
            return Optional.of(UUID.fromString(version));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int status(Throwable failure) {
        return Problems.of(failure).problem().status();
    }

    private static CloseReason closing(Throwable failure) {
        return switch (Problems.of(failure).code()) {
            case WRONG_REGION -> CloseReason.MOVED;
            case CONSENT_REQUIRED -> CloseReason.CONSENT_WITHDRAWN;
            case UNAUTHORIZED -> CloseReason.REVOKED;
            case ACCOUNT_FROZEN, UNAVAILABLE -> CloseReason.UNAVAILABLE;
            default -> CloseReason.FAILED;
        };
    }
}
