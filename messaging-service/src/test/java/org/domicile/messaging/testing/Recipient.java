package org.domicile.messaging.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.WebPushCipher;

/** The keys of a subscription, as a browser or the SDK holds them. */
public final class Recipient {
    private final InboxKeys keys = InboxKeys.generate(new SecureRandom());

    public String p256dh() {
        return keys.forSenders().p256dh();
    }

    public String auth() {
        return keys.forSenders().auth();
    }

    public byte[] decrypt(byte[] body) {
        try {
            return WebPushCipher.decrypt(body, keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
