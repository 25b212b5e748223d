package org.domicile.messaging.inbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.P256Key;
import org.domicile.messaging.subscription.RoutingKeys;
import org.domicile.messaging.subscription.Subscription;
import org.domicile.messaging.subscription.SubscriptionStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** Publishes inboxes, and finds those of the accounts that live here. */
@ApplicationScoped
public class Inboxes {
    private static final int AUTH_LENGTH = 16;

    private final Fence fence;
    private final InboxStore store;
    private final SubscriptionStore subscriptions;
    private final BlindIndex index;
    private final RoutingKeys routing;
    private final MessagingConfig config;

    @Inject
    public Inboxes(
            Fence fence,
            InboxStore store,
            SubscriptionStore subscriptions,
            BlindIndex index,
            RoutingKeys routing,
            MessagingConfig config) {
        this.fence = fence;
        this.store = store;
        this.subscriptions = subscriptions;
        this.index = index;
        this.routing = routing;
        this.config = config;
    }

    /** @return the account's epoch; fails with INVALID_REQUEST if the inbox is not one of the account's devices' */
    Uni<Long> publish(AccountId account, Inbox inbox) {
        var capability = check(account, inbox);
        return fence.write(account, Feature.MESSAGING, write -> subscription(write, capability, inbox)
                .flatMap(subscription -> store.put(write, subscription, inbox))
                .replaceWith(write.epoch()));
    }

    Uni<Directory> find(LookupQuery query) {
        if (query.accountId() != null) {
            return store.of(query.accountId()).map(Directory::new);
        }
        return query.indexed()
                .map(text -> index.of(text).flatMap(store::indexed).map(Directory::new))
                .orElseGet(() -> Uni.createFrom().item(Directory.NOBODY));
    }

    /**
     * Refuses what was encrypted to a list of devices, or keys, that is not the account's any more: STALE_DEVICES, with the current list.
     *
     * @param digest SHA-256, base64url, of the lines {@code deviceId p256dh} of the list, sorted, each with a line feed
     */
    public Uni<Void> requireCurrent(Subscription subscription, String digest) {
        return store.of(subscription.account())
                .invoke(current -> {
                    var isInbox = current.stream().anyMatch(i -> i.deviceId().equals(subscription.device()));
                    if (isInbox && !digest(current).equals(digest)) {
                        throw new ProblemException(
                                ErrorCode.STALE_DEVICES,
                                "Encrypt the message for the devices in \"devices\" and send it to each that lacks it.",
                                Map.of("devices", current));
                    }
                })
                .replaceWithVoid();
    }

    private static String digest(List<Inbox> devices) {
        var lines = devices.stream()
                .map(inbox -> inbox.deviceId() + " " + inbox.p256dh() + "\n")
                .sorted()
                .collect(Collectors.joining());
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(lines.getBytes(US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Uni<Subscription> subscription(FencedWrite write, Capability capability, Inbox inbox) {
        return subscriptions.hasDevice(write, inbox.deviceId()).flatMap(known -> subscriptions
                .find(write.connection(), capability)
                .map(found -> {
                    if (!known) {
                        throw invalid("Publish an inbox of one of your devices that is not revoked.");
                    }
                    return found.filter(s -> s.device().equals(inbox.deviceId()))
                            .orElseThrow(() -> invalid("Register the endpoint with the device first."));
                }));
    }

    private Capability check(AccountId account, Inbox inbox) {
        if (P256Key.parse(inbox.p256dh()).isEmpty()) {
            throw invalid("Correct \"p256dh\": an uncompressed P-256 point, base64url.");
        }
        if (!isAuth(inbox.auth())) {
            throw invalid("Correct \"auth\": 16 bytes, base64url.");
        }
        var prefix = config.pushOrigin().resolve("/push/").toString();
        var endpoint = inbox.endpoint().toString();
        return Optional.of(endpoint)
                .filter(e -> e.startsWith(prefix))
                .flatMap(e -> routing.parse(e.substring(prefix.length())))
                .filter(c -> c.account().equals(account))
                .orElseThrow(() -> invalid("Publish a push endpoint of your own account."));
    }

    private static boolean isAuth(String text) {
        try {
            return Base64.getUrlDecoder().decode(text).length == AUTH_LENGTH;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.INVALID_REQUEST, detail);
    }
}
