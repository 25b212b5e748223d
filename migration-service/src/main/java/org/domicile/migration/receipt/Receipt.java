package org.domicile.migration.receipt;

import java.util.Optional;
import java.util.UUID;
import org.domicile.platform.account.AccountId;

/**
 * A signed statement about a consent, a move or a purge that anyone can check offline with the region list.
 *
 * @param move that it is about; empty for a consent
 * @param kind {@code consent}, {@code move} or {@code purge}
 * @param subject what is stated at most once, such as a feature and the time of its consent; empty for moves
 * @param salt 32 random bytes; the signed commitment is SHA-256(salt ‖ account id as text), so that without the salt the
 *     receipt names nobody
 * @param jws what was signed, compact (EdDSA)
 * @param leaf index in the region's transparency log; empty until it is there
 */
public record Receipt(
        UUID id,
        AccountId account,
        Optional<UUID> move,
        String kind,
        Optional<String> subject,
        byte[] salt,
        String jws,
        Optional<Long> leaf) {
    public static final String CONSENT = "consent";
    public static final String MOVE = "move";
    public static final String PURGE = "purge";
}
