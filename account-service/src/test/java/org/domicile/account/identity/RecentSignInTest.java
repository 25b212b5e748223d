package org.domicile.account.identity;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;

class RecentSignInTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void a_sign_in_of_ten_minutes_is_recent() {
        assertDoesNotThrow(
                () -> signedIn(NOW.minusSeconds(600).getEpochSecond()).require());
    }

    @Test
    void an_older_one_is_not_however_fresh_the_token() {
        assertRefused(signedIn(NOW.minusSeconds(601).getEpochSecond()));
    }

    @Test
    void a_token_that_does_not_say_proves_nothing() {
        assertRefused(signedIn(null));
    }

    private static void assertRefused(RecentSignIn signIn) {
        var refused = assertThrows(ProblemException.class, signIn::require);
        assertEquals(ErrorCode.REAUTHENTICATION_REQUIRED, refused.code());
        assertEquals(600L, refused.problem().extensions().get("maxAge"));
    }

    private static RecentSignIn signedIn(Long authTime) {
        var token = new JsonWebToken() {
            @Override
            public String getName() {
                return "account";
            }

            @Override
            public Set<String> getClaimNames() {
                return Set.of("auth_time");
            }

            @Override
            @SuppressWarnings("unchecked")
            public <T> T getClaim(String name) {
                return (T) authTime;
            }
        };
        return new RecentSignIn(
                QuarkusSecurityIdentity.builder().setPrincipal(token).build(), Clock.fixed(NOW, ZoneOffset.UTC));
    }
}
