package org.domicile.account.identity;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Asks for a sign-in of a moment ago (RFC 9470) before what cannot be undone: a refreshed token keeps its old {@code auth_time}. */
@RequestScoped
public class RecentSignIn {
    private static final Duration RECENT = Duration.ofMinutes(10);

    private final SecurityIdentity identity;
    private final Clock clock;

    @Inject
    public RecentSignIn(SecurityIdentity identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    /** @throws ProblemException REAUTHENTICATION_REQUIRED (401) if the owner signed in longer ago */
    public void require() {
        var at =
                identity.getPrincipal() instanceof JsonWebToken token && token.getClaim("auth_time") instanceof Number n
                        ? n.longValue()
                        : 0;
        if (clock.instant().getEpochSecond() - at > RECENT.toSeconds()) {
            throw new ProblemException(
                    ErrorCode.REAUTHENTICATION_REQUIRED,
                    "Sign in again, then send the request within " + RECENT.toMinutes() + " minutes.",
                    Map.of("maxAge", RECENT.toSeconds()));
        }
    }
}
