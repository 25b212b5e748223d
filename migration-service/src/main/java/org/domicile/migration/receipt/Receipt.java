package org.domicile.migration.receipt;

import java.util.UUID;
import org.domicile.platform.account.AccountId;

/**
 * A signed statement about a move that anyone can check offline with the region list.
 *
 * @param kind {@code move} or {@code purge}
 * @param salt 32 random bytes; the signed commitment is SHA-256(salt ‖ account id as text), so that without the salt the
 *     receipt names nobody
 * @param jws what was signed, compact (EdDSA)
 */
public record Receipt(UUID id, AccountId account, UUID move, String kind, byte[] salt, String jws) {
    public static final String MOVE = "move";
    public static final String PURGE = "purge";
}
