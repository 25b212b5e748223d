package org.domicile.messaging.queue;

import java.time.Instant;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;

/**
 * A push message on its way to one device. Its id is the {@code version} that the device sees and acknowledges: a
 * message that is sent twice carries the same one.
 *
 * @param body ciphertext (aes128gcm); empty for a wake-up
 * @param durable false for a message of TTL 0, which exists in memory only
 * @param receipt whether a message of TTL 0 has a receipt to settle; a durable one's is found with its row
 */
public record Message(
        UUID id,
        AccountId account,
        DeviceId device,
        UUID channel,
        byte[] body,
        Instant expires,
        Urgency urgency,
        boolean durable,
        boolean receipt) {
    /** Whether an acknowledgement changes anything in the database. */
    public boolean tracked() {
        return durable || receipt;
    }

    /** Redacted: ids only. */
    @Override
    public String toString() {
        return "Message[" + id + ", channel " + channel + "]";
    }
}
