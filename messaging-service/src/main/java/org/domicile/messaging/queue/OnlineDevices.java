package org.domicile.messaging.queue;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.UUID;

/** The devices whose connection ends in this process. */
public interface OnlineDevices {
    /**
     * Hands a durable message to the device's connection, and never fails: one that is not sent now waits in its row.
     *
     * @param before the newest older message that waits for the device: a connection that does not know it must not send this one first
     */
    void offer(Message message, Optional<UUID> before);

    /** Sends a message of TTL 0. @return whether the device is connected here and it was sent */
    Uni<Boolean> deliver(Message message);
}
