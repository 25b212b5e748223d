package org.domicile.messaging.queue;

import io.smallrye.mutiny.Uni;

/** The devices whose connection ends in this process. */
public interface OnlineDevices {
    /** Hands a durable message to the device's connection; one that is not sent now waits in its row. */
    void offer(Message message);

    /** Sends a message of TTL 0. @return whether the device is connected here and it was sent */
    Uni<Boolean> deliver(Message message);
}
