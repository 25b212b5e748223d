package org.domicile.messaging.queue;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.instance.Instance;
import org.domicile.messaging.instance.Neighbours;
import org.domicile.messaging.instance.WakeUps;
import org.domicile.messaging.receipt.ReceiptStatus;
import org.domicile.messaging.receipt.ReceiptStore;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.SubscriptionStore;
import org.domicile.messaging.subscription.SubscriptionStore.Target;
import org.domicile.platform.account.TimeOrderedId;
import org.domicile.platform.consent.ConsentGate;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/**
 * The queue between senders and devices. A durable message is committed before its sender is told; plain ones go through
 * {@link GroupWriter}, all else through here. The transaction holds the account's
 * fence row and reads which instance has the device's connection; a connection takes the same row to make itself known, and
 * reads the waiting rows afterwards. So in every order of the two, one of them sees the other, and nothing accepted is missed.
 *
 * <pre>
 *   accept ─ TTL 0 ──▶ connected, here or at a neighbour? ─ yes ─▶ sent, ack ends it     no ─▶ dropped (RFC 8030 section 5.2)
 *      └── TTL > 0 ──▶ row ─┬─ connection here ──▶ sent from memory ────────────────┐
 *                           ├─ connection elsewhere ──▶ wake-up (outbox, Kafka) ──▶ read there ─ sent ─ ack ─▶ row deleted
 *                           ├─ no connection ──▶ read by the next ──────────────────┘
 *                           └─ cancelled, replaced by its topic, expired ─▶ row deleted
 * </pre>
 */
@ApplicationScoped
public class MessageQueue {
    private static final int RETRY_WHEN_FULL = 60;

    private final Fence fence;
    private final ConsentGate gate;
    private final MessageStore store;
    private final GroupWriter writer;
    private final SubscriptionStore subscriptions;
    private final ReceiptStore receipts;
    private final OnlineDevices online;
    private final Instance instance;
    private final Neighbours neighbours;
    private final WakeUps wakeUps;
    private final MessagingConfig config;
    private final Clock clock;

    @Inject
    public MessageQueue(
            Fence fence,
            ConsentGate gate,
            MessageStore store,
            GroupWriter writer,
            SubscriptionStore subscriptions,
            ReceiptStore receipts,
            OnlineDevices online,
            Instance instance,
            Neighbours neighbours,
            WakeUps wakeUps,
            MessagingConfig config,
            Clock clock) {
        this.fence = fence;
        this.gate = gate;
        this.store = store;
        this.writer = writer;
        this.subscriptions = subscriptions;
        this.receipts = receipts;
        this.online = online;
        this.instance = instance;
        this.neighbours = neighbours;
        this.wakeUps = wakeUps;
        this.config = config;
        this.clock = clock;
    }

    /** Completes when the message is durable; one of TTL 0, when it was handed to the connection or dropped. */
    public Uni<Void> accept(Draft draft) {
        var message = message(draft);
        return message.durable() ? acceptDurable(draft, message) : acceptVolatile(draft, message);
    }

    /** Cancels a message. @return whether it was still waiting */
    public Uni<Boolean> cancel(Capability location) {
        return fence.write(location.account(), write -> store.deleteLocation(write, location.sha256()));
    }

    /** Deletes what the device wants no more, and settles the receipts. */
    public Uni<Void> taken(DeviceId device, Map<UUID, ReceiptStatus> ids) {
        return writer.taken(device, ids)
                .flatMap(done -> done
                        ? Uni.createFrom().voidItem()
                        : fence.write(device.accountId(), write -> store.delete(write, device, ids.keySet())
                                .chain(() -> receipts.settle(write, ids))));
    }

    /** The oldest messages that wait for the device and matter at least so much, in the order of their acceptance. */
    public Uni<List<Message>> waiting(DeviceId device, Urgency least, Collection<UUID> without, int limit) {
        return store.page(device, least, without, limit, clock.instant());
    }

    private Uni<Void> acceptDurable(Draft draft, Message message) {
        return fence.write(message.account(), Feature.MESSAGING, write -> store(write, draft, message))
                .invoke(target -> {
                    if (isHere(target.holder())) {
                        online.offer(message, target.before());
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Target> store(FencedWrite write, Draft draft, Message message) {
        return subscriptions
                .target(write, draft.subscription(), clock.instant())
                .call(target -> replace(write, draft)
                        .chain(() -> store.isFull(write, draft.subscription(), config.backlog(), clock.instant()))
                        .invoke(MessageQueue::refuseFull)
                        .chain(() -> store.insert(write, message, draft))
                        .chain(() -> expectReceipt(write, draft, message))
                        .chain(() -> isElsewhere(target.holder())
                                ? wakeUps.waiting(write.connection(), message.device())
                                : Uni.createFrom().voidItem()));
    }

    /** A message of TTL 0 leaves no row, but its topic still replaces one, and its receipt is kept. */
    private Uni<Void> acceptVolatile(Draft draft, Message message) {
        var writes = draft.topic().isPresent() || draft.receipts().isPresent();
        var prepared = writes
                ? fence.write(message.account(), Feature.MESSAGING, write -> replace(write, draft)
                        .chain(() -> expectReceipt(write, draft, message)))
                : requireConsent(message);
        return prepared.chain(() -> online.deliver(message))
                .flatMap(sent -> sent ? Uni.createFrom().item(true) : neighbours.deliver(message))
                .call(sent -> sent || !message.receipt()
                        ? Uni.createFrom().voidItem()
                        : fence.write(
                                message.account(),
                                write -> receipts.settle(write, Map.of(message.id(), ReceiptStatus.GIVEN_UP))))
                .replaceWithVoid();
    }

    private Uni<Void> requireConsent(Message message) {
        return gate.granted(message.account(), Feature.MESSAGING)
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

    private Uni<Void> expectReceipt(FencedWrite write, Draft draft, Message message) {
        var until = message.expires().plus(config.receiptGrace());
        return draft.receipts()
                .map(to -> receipts.expect(
                        write, message.id(), to, draft.location(), until, until.plus(config.receiptRetention())))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private boolean isHere(Optional<UUID> holder) {
        return holder.filter(instance.id()::equals).isPresent();
    }

    private boolean isElsewhere(Optional<UUID> holder) {
        return holder.isPresent() && !isHere(holder);
    }

    private Message message(Draft draft) {
        var subscription = draft.subscription();
        var durable = !draft.ttl().isZero();
        return new Message(
                TimeOrderedId.next(),
                subscription.account(),
                subscription.device(),
                subscription.channel(),
                draft.body(),
                clock.instant().plus(draft.ttl()),
                draft.urgency(),
                durable,
                !durable && draft.receipts().isPresent());
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
