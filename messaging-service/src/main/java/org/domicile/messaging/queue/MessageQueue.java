package org.domicile.messaging.queue;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.SubscriptionStore;
import org.domicile.platform.consent.ConsentGate;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/**
 * The queue between senders and devices. A durable message is committed before its sender is told, and only then offered to the
 * device's connection; a connection first makes itself known and then reads the rows. So in every order of the two, one
 * of them sees the other, and nothing accepted is missed.
 *
 * <pre>
 *   accept ─ TTL 0 ──▶ connected? ─ yes ─▶ sent, ack ends it        no ─▶ dropped (RFC 8030 section 5.2)
 *      └── TTL > 0 ──▶ row ─▶ offered or read ─▶ sent ─ ack ─▶ row deleted
 *                       └─ cancelled, replaced by its topic, expired ─▶ row deleted
 * </pre>
 */
@ApplicationScoped
public class MessageQueue {
    private static final int RETRY_WHEN_FULL = 60;
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator(new SecureRandom());

    private final Fence fence;
    private final ConsentGate gate;
    private final MessageStore store;
    private final SubscriptionStore subscriptions;
    private final OnlineDevices online;
    private final MessagingConfig config;
    private final Clock clock;

    @Inject
    public MessageQueue(
            Fence fence,
            ConsentGate gate,
            MessageStore store,
            SubscriptionStore subscriptions,
            OnlineDevices online,
            MessagingConfig config,
            Clock clock) {
        this.fence = fence;
        this.gate = gate;
        this.store = store;
        this.subscriptions = subscriptions;
        this.online = online;
        this.config = config;
        this.clock = clock;
    }

    /** Completes when the message is durable; one of TTL 0, when it was handed to the connection or dropped. */
    public Uni<Void> accept(Draft draft) {
        var message = message(draft);
        var stored = message.durable()
                ? fence.write(message.account(), Feature.MESSAGING, write -> store(write, draft, message))
                : replaceBy(draft);
        return stored.invoke(() -> online.offer(message));
    }

    /** Cancels a message. @return whether it was still waiting */
    public Uni<Boolean> cancel(Capability location) {
        return fence.write(location.account(), write -> store.deleteLocation(write, location.sha256()));
    }

    /** Deletes what the device has taken. */
    public Uni<Void> taken(DeviceId device, Collection<UUID> ids) {
        return fence.write(device.accountId(), write -> store.delete(write, device, ids));
    }

    /** The oldest messages that wait for the device, in the order of their acceptance. */
    public Uni<List<Message>> waiting(DeviceId device, Collection<UUID> without, int limit) {
        return store.page(device, without, limit, clock.instant());
    }

    private Uni<Void> store(FencedWrite write, Draft draft, Message message) {
        return subscriptions
                .exists(write, draft.subscription())
                .invoke(exists -> {
                    if (!exists) {
                        throw new ProblemException(ErrorCode.GONE, "The device has ended this subscription.");
                    }
                })
                .chain(() -> replace(write, draft))
                .chain(() -> store.isFull(write, draft.subscription(), config.backlog(), clock.instant()))
                .invoke(MessageQueue::refuseFull)
                .chain(() -> store.insert(write, message, draft));
    }

    /** A message of TTL 0 leaves no row, but its topic still replaces one. */
    private Uni<Void> replaceBy(Draft draft) {
        var account = draft.subscription().account();
        return draft.topic().isPresent()
                ? fence.write(account, Feature.MESSAGING, write -> replace(write, draft))
                : gate.granted(account, Feature.MESSAGING)
                        .invoke(granted -> {
                            if (!granted) {
                                throw ConsentGate.refusal(Feature.MESSAGING);
                            }
                        })
                        .replaceWithVoid();
    }

    private Uni<Void> replace(FencedWrite write, Draft draft) {
        return draft.topic()
                .map(topic -> store.deleteTopic(write, draft.subscription(), topic))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private Message message(Draft draft) {
        var subscription = draft.subscription();
        return new Message(
                IDS.generate(),
                subscription.account(),
                subscription.device(),
                subscription.channel(),
                draft.body(),
                clock.instant().plus(draft.ttl()),
                !draft.ttl().isZero());
    }

    private static void refuseFull(boolean full) {
        if (full) {
            throw new ProblemException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "As many messages wait for this subscription as may: try again when the device has been online.",
                    Map.of("retryAfter", RETRY_WHEN_FULL));
        }
    }
}
