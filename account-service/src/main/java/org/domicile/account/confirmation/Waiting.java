package org.domicile.account.confirmation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.domicile.platform.consent.Feature;

/**
 * What an asker is told: nothing has changed yet.
 *
 * @param waitsFor {@code code}: one that the new identifier was sent; {@code guardian}: one that the guardian was sent
 * @param feature of a consent or withdrawal; else absent
 * @param expiresAt when the code is worth nothing any more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Waiting(
        UUID confirmationId, Confirmation.Kind kind, String waitsFor, Feature feature, Instant expiresAt) {
    public static Waiting of(Confirmation confirmation) {
        return new Waiting(
                confirmation.id(),
                confirmation.kind(),
                confirmation.kind().isGuardians() ? "guardian" : "code",
                confirmation.feature(),
                confirmation.expiresAt());
    }
}
