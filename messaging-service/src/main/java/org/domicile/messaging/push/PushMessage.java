package org.domicile.messaging.push;

import java.util.Optional;
import org.domicile.messaging.subscription.Capability;

/**
 * A push message whose form is right; whether its endpoint exists and takes it is not known yet.
 *
 * @param devices what a sender that knows a person's devices says of them
 */
public record PushMessage(Capability endpoint, PushRequest request, Payload payload, Optional<String> devices) {
    /** Whether it is stored by itself: it replaces none, and nobody wants to know what becomes of it. */
    boolean isPlain() {
        return !request.volatileOnly()
                && request.topic().isEmpty()
                && !request.wantsReceipt()
                && request.receipts().isEmpty()
                && devices.isEmpty();
    }
}
