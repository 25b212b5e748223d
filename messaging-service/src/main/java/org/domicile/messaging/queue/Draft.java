package org.domicile.messaging.queue;

import java.time.Duration;
import java.util.Optional;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.Subscription;

/**
 * A checked push message that is to be accepted.
 *
 * @param location the secret of the message's own URL
 * @param ttl how long it may wait; zero: it is never stored
 * @param body ciphertext, empty for a wake-up
 * @param receipts where the sender wants to be told what became of it; empty: nowhere
 */
public record Draft(
        Subscription subscription,
        Capability location,
        Duration ttl,
        Urgency urgency,
        Optional<String> topic,
        byte[] body,
        Optional<Capability> receipts) {
    /** Redacted: no content and no secret. */
    @Override
    public String toString() {
        return "Draft[" + subscription.channel() + ", ttl " + ttl + "]";
    }
}
