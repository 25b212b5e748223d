package org.domicile.messaging.queue;

/** The devices whose connection ends in this process. */
public interface OnlineDevices {
    /**
     * Hands the message to the device's connection. A durable message that is not sent now waits in its row.
     *
     * @return whether the device is connected here
     */
    boolean offer(Message message);
}
