package org.domicile.messaging.inbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import org.domicile.platform.device.DeviceId;

/**
 * Where one device takes messages from other devices, and the keys to encrypt them with (RFC 8291 section 3).
 *
 * @param endpoint a push endpoint of the device
 * @param p256dh the device's public key, base64url
 * @param auth the device's authentication secret, 16 bytes, base64url
 */
public record Inbox(
        @JsonProperty(required = true) DeviceId deviceId,
        @JsonProperty(required = true) URI endpoint,
        @JsonProperty(required = true) String p256dh,
        @JsonProperty(required = true) String auth) {
    /** Redacted: the endpoint is a capability. */
    @Override
    public String toString() {
        return "Inbox[" + deviceId + "]";
    }
}
