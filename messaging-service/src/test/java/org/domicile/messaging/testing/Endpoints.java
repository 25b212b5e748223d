package org.domicile.messaging.testing;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.domicile.platform.account.AccountId;

/** Push endpoints as others may spell them. */
public final class Endpoints {
    private static final int TOKEN_AT = 16;
    private static final int TOKEN = 24;

    private Endpoints() {}

    /** The same endpoint as it was spelled before there were routing keys: the account, and the token. */
    public static String spelledBefore(String endpoint, AccountId account) {
        return with(
                endpoint,
                ByteBuffer.allocate(TOKEN_AT + TOKEN)
                        .putLong(account.value().getMostSignificantBits())
                        .putLong(account.value().getLeastSignificantBits())
                        .put(bytes(endpoint), TOKEN_AT, TOKEN)
                        .array());
    }

    /** The endpoint with one of its bytes changed; counted from the end if negative. */
    public static String changed(String endpoint, int at) {
        var bytes = bytes(endpoint);
        bytes[at < 0 ? bytes.length + at : at] ^= 0x55;
        return with(endpoint, bytes);
    }

    private static byte[] bytes(String endpoint) {
        return Base64.getUrlDecoder().decode(endpoint.substring(endpoint.lastIndexOf('/') + 1));
    }

    private static String with(String endpoint, byte[] bytes) {
        return endpoint.substring(0, endpoint.lastIndexOf('/') + 1)
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
