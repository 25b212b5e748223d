package org.domicile.client.sdk;

import java.time.Instant;

/** What a sign-in yields. @param refresh null when the issuer gives none */
public record Tokens(Secret access, Secret refresh, Instant expires) {

    /** Whether the access token still serves for a request that starts now. */
    boolean isFresh(Instant now) {
        return now.plusSeconds(10).isBefore(expires);
    }
}
