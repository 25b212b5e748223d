package org.domicile.messaging.push;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.inbox.Inboxes;
import org.domicile.messaging.law.LongestWait;
import org.domicile.messaging.queue.Deposit;
import org.domicile.messaging.queue.Draft;
import org.domicile.messaging.queue.GroupWriter;
import org.domicile.messaging.queue.MessageQueue;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.RoutingKeys;
import org.domicile.messaging.subscription.Subscription;
import org.domicile.messaging.subscription.SubscriptionStore;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Takes a push message at the account's home: checks it whole, then hands it to the queue. */
@ApplicationScoped
public class PushEndpoint {
    private static final String MESSAGE = "/push/message/";
    private static final String RECEIPTS = "/push/receipts/";
    private static final String DEVICES = "Domicile-Devices";

    private final SubscriptionStore subscriptions;
    private final Inboxes inboxes;
    private final MessageQueue queue;
    private final GroupWriter writer;
    private final Vapid vapid;
    private final RoutingKeys routing;
    private final MessagingConfig config;
    private final LongestWait longestWait;
    private final SecureRandom random;

    @Inject
    public PushEndpoint(
            SubscriptionStore subscriptions,
            Inboxes inboxes,
            MessageQueue queue,
            GroupWriter writer,
            Vapid vapid,
            RoutingKeys routing,
            MessagingConfig config,
            LongestWait longestWait,
            SecureRandom random) {
        this.subscriptions = subscriptions;
        this.inboxes = inboxes;
        this.queue = queue;
        this.writer = writer;
        this.vapid = vapid;
        this.routing = routing;
        this.config = config;
        this.longestWait = longestWait;
        this.random = random;
    }

    /**
     * @param location URL at which the message can be cancelled
     * @param ttl what was granted
     * @param receipts where its receipt is fetched, if one was asked for
     */
    public record Accepted(URI location, Duration ttl, Optional<URI> receipts) {}

    /** Checks the form of a message. */
    public PushMessage check(Capability capability, UnaryOperator<String> header, byte[] body) {
        return new PushMessage(
                capability,
                PushRequest.parse(header, longestWait.get()),
                Payload.parse(body, header.apply("Content-Encoding")),
                Optional.ofNullable(header.apply(DEVICES)));
    }

    /**
     * Takes a plain message without looking anything up: the transaction that stores it, and others' messages with it, checks all.
     *
     * @return empty if the message was not stored, for whatever reason; {@link #send} knows it
     */
    public Uni<Optional<Accepted>> sendAtOnce(PushMessage message) {
        var request = message.request();
        if (!message.isPlain() || !longestWait.always(request.ttl()) || !vapid.isGood(request.vapid())) {
            return Uni.createFrom().item(Optional.empty());
        }
        var location = Capability.create(message.endpoint().account(), random);
        var deposit = new Deposit(
                message.endpoint(),
                request.vapid().map(VapidHeader::key),
                location,
                request.ttl(),
                request.urgency(),
                message.payload().bytes());
        return writer.accept(deposit)
                .map(stored -> stored
                        ? Optional.of(new Accepted(url(MESSAGE, location), request.ttl(), Optional.empty()))
                        : Optional.empty());
    }

    /** Completes when the message is accepted for good: durable, or for TTL 0 handed over or dropped. */
    public Uni<Accepted> send(PushMessage message) {
        return within(message.request(), message.endpoint()).flatMap(request -> send(message, request));
    }

    /** While the account is moved, the law of the other end may let a message wait less. */
    private Uni<PushRequest> within(PushRequest request, Capability endpoint) {
        return longestWait.always(request.ttl())
                ? Uni.createFrom().item(request)
                : longestWait.of(endpoint.account()).map(request::within);
    }

    private Uni<Accepted> send(PushMessage message, PushRequest request) {
        return subscriptions.find(message.endpoint()).flatMap(found -> {
            var subscription = found.orElseThrow(PushEndpoint::unknown);
            vapid.check(request.vapid(), subscription.senderKey());
            return current(subscription, message.devices())
                    .chain(() ->
                            accept(subscription, request, message.payload(), receipts(message.endpoint(), request)));
        });
    }

    /** Fails with NOT_FOUND when the message is gone: taken, expired, replaced, or cancelled before. */
    public Uni<Void> cancel(Capability location) {
        return queue.cancel(location)
                .invoke(found -> {
                    if (!found) {
                        throw unknown();
                    }
                })
                .replaceWithVoid();
    }

    /** The largest body in bytes. */
    public int maxBody() {
        return config.maxBody();
    }

    static ProblemException unknown() {
        return new ProblemException(ErrorCode.NOT_FOUND, "There is nothing at this address: forget it.");
    }

    /** A device that sends to all devices of a person says which it knows; other senders do not. */
    private Uni<Void> current(Subscription subscription, Optional<String> devices) {
        return devices.map(list -> inboxes.requireCurrent(subscription, list))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private Uni<Accepted> accept(
            Subscription subscription, PushRequest request, Payload payload, Optional<Capability> receipts) {
        var location = Capability.create(subscription.account(), random);
        var draft = new Draft(
                subscription, location, request.ttl(), request.urgency(), request.topic(), payload.bytes(), receipts);
        return queue.accept(draft)
                .replaceWith(() ->
                        new Accepted(url(MESSAGE, location), request.ttl(), receipts.map(to -> url(RECEIPTS, to))));
    }

    /**
     * One receipt subscription for each endpoint: what a sender sends to different people stays apart. The answer names it, whatever
     * other one of this service the sender has proposed.
     */
    private Optional<Capability> receipts(Capability endpoint, PushRequest request) {
        request.receipts().ifPresent(this::checkReceipts);
        return request.wantsReceipt() || request.receipts().isPresent()
                ? Optional.of(endpoint.receipts())
                : Optional.empty();
    }

    private void checkReceipts(String proposed) {
        var prefix = config.pushOrigin().resolve(RECEIPTS).toString();
        var known = Optional.of(proposed)
                .filter(text -> text.startsWith(prefix))
                .flatMap(text -> routing.parse(text.substring(prefix.length())));
        if (known.isEmpty()) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST,
                    "Correct the header Push-Receipt: the URL of a receipt subscription that this service has named.");
        }
    }

    private URI url(String path, Capability capability) {
        return config.pushOrigin().resolve(path + routing.text(capability));
    }
}
