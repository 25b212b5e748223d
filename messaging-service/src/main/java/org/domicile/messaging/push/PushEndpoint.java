package org.domicile.messaging.push;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.queue.Draft;
import org.domicile.messaging.queue.MessageQueue;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.Subscription;
import org.domicile.messaging.subscription.SubscriptionStore;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Takes a push message at the account's home: checks it whole, then hands it to the queue. */
@ApplicationScoped
public class PushEndpoint {
    private final SubscriptionStore subscriptions;
    private final MessageQueue queue;
    private final Vapid vapid;
    private final MessagingConfig config;
    private final SecureRandom random;

    @Inject
    public PushEndpoint(
            SubscriptionStore subscriptions,
            MessageQueue queue,
            Vapid vapid,
            MessagingConfig config,
            SecureRandom random) {
        this.subscriptions = subscriptions;
        this.queue = queue;
        this.vapid = vapid;
        this.config = config;
        this.random = random;
    }

    /** @param location URL at which the message can be cancelled; @param ttl what was granted */
    public record Accepted(URI location, Duration ttl) {}

    /** Completes when the message is accepted for good: durable, or for TTL 0 handed over or dropped. */
    public Uni<Accepted> send(Capability capability, UnaryOperator<String> header, byte[] body) {
        var request = PushRequest.parse(header, config.maxTtl());
        var payload = Payload.parse(body, header.apply("Content-Encoding"));
        return subscriptions.find(capability).flatMap(found -> {
            var subscription = found.orElseThrow(PushEndpoint::unknown);
            vapid.check(request.vapid(), subscription.senderKey());
            return accept(subscription, request, payload);
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

    private Uni<Accepted> accept(Subscription subscription, PushRequest request, Payload payload) {
        var location = Capability.create(subscription.account(), random);
        var draft = new Draft(subscription, location, request.ttl(), request.topic(), payload.bytes());
        var url = config.pushOrigin().resolve("/push/message/" + location.text());
        return queue.accept(draft).replaceWith(() -> new Accepted(url, request.ttl()));
    }
}
