package org.domicile.messaging.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.platform.device.DeviceId;

/**
 * A device's id and secret, as its socket's URL carries them. The server keeps the secret's hash only; while the device is
 * connected it also derives the device's push endpoints from the secret. So a channel that is registered again, after a lost answer
 * or in another region, gets the endpoint that its senders already have, and no table holds it.
 */
public record DeviceCredential(DeviceId device, String secret) {
    /** @throws IllegalArgumentException if the text is not {@code {deviceId}.{secret}} */
    public static DeviceCredential parse(String text) {
        var dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException("no secret");
        }
        return new DeviceCredential(DeviceId.parse(text.substring(0, dot)), text.substring(dot + 1));
    }

    /** The capability of a channel's endpoint. @param senderKey another sender gets another endpoint */
    Capability endpoint(UUID channel, Optional<P256Key> senderKey) {
        var purpose =
                "push-endpoint:" + channel + ":" + senderKey.map(P256Key::text).orElse("");
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return Capability.of(
                    device.accountId(), Arrays.copyOf(mac.doFinal(purpose.getBytes(UTF_8)), Capability.RANDOM_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "DeviceCredential[" + device + ", …]";
    }
}
