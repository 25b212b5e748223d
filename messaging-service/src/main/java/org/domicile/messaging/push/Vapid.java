package org.domicile.messaging.push;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.subscription.P256Key;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * Verifies who sends (RFC 8292): ES256, {@code aud} is the push origin, {@code exp} is ahead and at most 24 hours. A credential
 * that is sent must be good even where none is needed.
 */
@ApplicationScoped
public class Vapid {
    private static final Duration LONGEST = Duration.ofHours(24);

    /** The origin; then the same without its port, which is all that widely used libraries write. */
    private final List<String> audiences;

    private final Clock clock;

    @Inject
    public Vapid(MessagingConfig config, Clock clock) {
        this(config.pushOrigin(), clock);
    }

    Vapid(URI pushOrigin, Clock clock) {
        this.audiences = List.of(
                pushOrigin.toString().replaceAll("/$", ""), pushOrigin.getScheme() + "://" + pushOrigin.getHost());
        this.clock = clock;
    }

    Vapid() {
        this.audiences = List.of();
        this.clock = null;
    }

    /**
     * Lets the sender pass, or throws 401 (no credential where one is needed) or 403 (a bad one, or another sender's).
     *
     * @param bound the only sender that the subscription accepts, if it names one
     */
    public void check(Optional<VapidHeader> sent, Optional<P256Key> bound) {
        sent.ifPresent(this::verify);
        if (bound.isEmpty()) {
            return;
        }
        if (sent.isEmpty()) {
            throw new ProblemException(
                    ErrorCode.UNAUTHORIZED, "Sign with VAPID: this subscription accepts one application server only.");
        }
        if (!sent.get().key().equals(bound.get())) {
            throw refused("Sign with the key that the subscription was registered with.");
        }
    }

    /** Whether a credential, where one is sent, is good: its key is the sender's. */
    boolean isGood(Optional<VapidHeader> sent) {
        try {
            sent.ifPresent(this::verify);
            return true;
        } catch (ProblemException refused) {
            return false;
        }
    }

    private void verify(VapidHeader header) {
        var parts = header.token().split("\\.", -1);
        if (parts.length != 3) {
            throw refused("Correct the VAPID token: it is not a signed JWT.");
        }
        if (!"ES256".equals(json(parts[0]).getValue("alg"))) {
            throw refused("Sign the VAPID token with ES256.");
        }
        if (!signed(header.key(), parts[0] + "." + parts[1], parts[2])) {
            throw refused("Correct the VAPID token: its signature does not fit the key.");
        }
        var claims = json(parts[1]);
        if (audiences.stream().noneMatch(audience -> audience.equals(claims.getValue("aud")))) {
            throw refused("Set the VAPID token's aud to " + audiences.getFirst() + ".");
        }
        checkExpiry(claims.getValue("exp"));
    }

    private void checkExpiry(Object exp) {
        if (!(exp instanceof Number seconds)) {
            throw refused("Set the VAPID token's exp: seconds since 1970.");
        }
        var now = clock.instant();
        var expiry = Instant.ofEpochSecond(Math.clamp(seconds.longValue(), 0, Integer.MAX_VALUE * 4L));
        if (!expiry.isAfter(now)) {
            throw refused("Make a new VAPID token: this one has expired.");
        }
        if (expiry.isAfter(now.plus(LONGEST))) {
            throw refused("Make a VAPID token that expires within 24 hours.");
        }
    }

    private static boolean signed(P256Key key, String content, String signature) {
        try {
            var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
            verifier.initVerify(key.publicKey());
            verifier.update(content.getBytes(StandardCharsets.US_ASCII));
            return verifier.verify(Base64.getUrlDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static JsonObject json(String part) {
        try {
            return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
        } catch (DecodeException | IllegalArgumentException | ClassCastException e) {
            throw refused("Correct the VAPID token: it is not a signed JWT.");
        }
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(ErrorCode.FORBIDDEN, detail);
    }
}
