package org.domicile.account.export;

import java.time.Instant;
import java.util.UUID;

/**
 * An owner's archive.
 *
 * @param deadline when the market's law wants it ready
 * @param expiresAt until when it can be fetched; null while it is being made
 * @param bytes of the archive; null while it is being made
 * @param sha256 of the archive, hex; null while it is being made
 */
public record Export(
        UUID id, State state, Instant requestedAt, Instant deadline, Instant expiresAt, Long bytes, String sha256) {
    /** {@code ORDERED → READY}; an archive that has expired is gone. */
    public enum State {
        ORDERED,
        READY
    }
}
