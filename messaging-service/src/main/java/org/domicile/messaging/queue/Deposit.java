package org.domicile.messaging.queue;

import java.time.Duration;
import java.util.Optional;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.P256Key;

/**
 * A plain push message as it came to an endpoint that nobody has looked up yet: durable, without a topic, and nobody wants a receipt.
 *
 * @param sender whose verified signature it bears
 * @param location the secret of the message's own URL
 * @param ttl how long it may wait, above zero
 * @param body ciphertext, empty for a wake-up
 */
public record Deposit(
        Capability endpoint,
        Optional<P256Key> sender,
        Capability location,
        Duration ttl,
        Urgency urgency,
        byte[] body) {
    /** Redacted: no content and no secret. */
    @Override
    public String toString() {
        return "Deposit[" + endpoint.account() + ", ttl " + ttl + "]";
    }
}
