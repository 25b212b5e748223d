package org.domicile.messaging.subscription;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.domicile.messaging.MessagingConfig;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** Makes and ends the push endpoints of a device, with its owner's consent. */
@ApplicationScoped
public class Subscriptions {
    private static final long RETRY_LATER = 3600;

    private final Fence fence;
    private final SubscriptionStore store;
    private final RoutingKeys routing;
    private final MessagingConfig config;

    @Inject
    public Subscriptions(Fence fence, SubscriptionStore store, RoutingKeys routing, MessagingConfig config) {
        this.fence = fence;
        this.store = store;
        this.routing = routing;
        this.config = config;
    }

    /** The id by which the device recognises its own registrations; made at its first hello. */
    public Uni<UUID> userAgent(DeviceId device) {
        return store.userAgent(device).flatMap(known -> known.map(Uni.createFrom()::item)
                .orElseGet(
                        () -> fence.write(device.accountId(), Feature.MESSAGING, write -> requireDevice(write, device)
                                .chain(() -> store.addUserAgent(write, device, UUID.randomUUID())))));
    }

    /** The device remembers other registrations than it has, or none: they end, and what waits for them. @return its new id */
    public Uni<UUID> beginAnew(DeviceId device) {
        return fence.write(device.accountId(), Feature.MESSAGING, write -> requireDevice(write, device)
                .chain(() -> store.deleteAll(write, device))
                .chain(() -> store.renewUserAgent(write, device, UUID.randomUUID())));
    }

    /** @return the endpoint; registering a channel again for the same sender gives the same one */
    public Uni<URI> register(DeviceCredential credential, UUID channel, Optional<String> senderKey) {
        var key = senderKey.flatMap(P256Key::parse);
        if (senderKey.isPresent() && key.isEmpty()) {
            return Uni.createFrom()
                    .failure(new ProblemException(
                            ErrorCode.INVALID_REQUEST, "Correct the key: an uncompressed P-256 point, base64url."));
        }
        var device = credential.device();
        var capability = credential.endpoint(channel, key);
        var subscription = new Subscription(device.accountId(), device, channel, key);
        return fence.write(device.accountId(), Feature.MESSAGING, write -> requireDevice(write, device)
                        .chain(() -> store.put(write, subscription, capability))
                        .chain(() -> limit(write, device)))
                .replaceWith(() -> endpoint(capability));
    }

    /** Ends the subscription; what waits for it is deleted. @return whether there was one */
    public Uni<Boolean> unregister(DeviceId device, UUID channel) {
        return fence.write(device.accountId(), write -> store.delete(write, device, channel));
    }

    private URI endpoint(Capability capability) {
        return config.pushOrigin().resolve("/push/" + routing.text(capability));
    }

    /** What a device that was revoked just now still asked for: nothing of it would ever be deleted. */
    private Uni<Void> requireDevice(FencedWrite write, DeviceId device) {
        return store.hasDevice(write, device)
                .invoke(known -> {
                    if (!known) {
                        throw new ProblemException(ErrorCode.UNAUTHORIZED, "The device has been revoked.");
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Void> limit(FencedWrite write, DeviceId device) {
        return store.count(write, device)
                .invoke(held -> {
                    if (held > config.subscriptionsPerDevice()) {
                        throw new ProblemException(
                                ErrorCode.TOO_MANY_REQUESTS,
                                "The device holds as many subscriptions as it may: unregister one first.",
                                Map.of("retryAfter", RETRY_LATER));
                    }
                })
                .replaceWithVoid();
    }
}
