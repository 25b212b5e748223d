package org.domicile.messaging.push;

import java.util.HashMap;
import java.util.Locale;
import java.util.Optional;
import org.domicile.messaging.subscription.P256Key;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * The credential {@code vapid t=…, k=…} (RFC 8292 section 3).
 *
 * @param token a signed JWT, not yet verified
 * @param key the key that it claims to be signed with
 */
public record VapidHeader(String token, P256Key key) {
    private static final String SCHEME = "vapid ";

    /** Empty when there is no credential. A credential of another scheme, or one that cannot be read, is refused. */
    static Optional<VapidHeader> parse(String authorization) {
        if (authorization == null) {
            return Optional.empty();
        }
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw refused("Sign with VAPID: Authorization: vapid t=…, k=… (RFC 8292).");
        }
        var parameters = new HashMap<String, String>();
        for (String part : authorization.substring(SCHEME.length()).split(",")) {
            var pair = part.strip().split("=", 2);
            if (pair.length == 2) {
                parameters.put(pair[0].strip().toLowerCase(Locale.ROOT), pair[1].strip());
            }
        }
        var token = parameters.get("t");
        var key = Optional.ofNullable(parameters.get("k")).flatMap(P256Key::parse);
        if (token == null || key.isEmpty()) {
            throw refused("Correct the VAPID credential: t is a JWT and k a P-256 public key, both base64url.");
        }
        return Optional.of(new VapidHeader(token, key.get()));
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(ErrorCode.FORBIDDEN, detail);
    }

    /** Redacted: the token is a bearer credential until it expires. */
    @Override
    public String toString() {
        return "VapidHeader[key=" + key + "]";
    }
}
