package org.domicile.account.key;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.FieldCipher;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.key.WrappedKeys;

/**
 * The data key of each account, from the first code that is sent to its owner on; in the key store, wrapped by the region's key. A key
 * never leaves its region.
 */
@ApplicationScoped
public class AccountKeys {
    private final WrappedKeys keys;

    @Inject
    public AccountKeys(WrappedKeys keys) {
        this.keys = keys;
    }

    /** @return fails with GONE (410) if the account's key was deleted, UNAVAILABLE (503) if the region's key is away */
    public Uni<FieldCipher> open(AccountId account) {
        return keys.find(account).map(found -> found.map(FieldCipher::new)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.GONE, "The account's key has been deleted: its data cannot be read again.")));
    }

    /** As {@link #open}, for the first row that needs the key: makes it if there is none, and that stays made. */
    public Uni<FieldCipher> openOrMake(AccountId account) {
        return keys.open(account).map(FieldCipher::new);
    }

    /** At once, whatever becomes of the caller's transaction: only when no row needs the key any more. */
    public Uni<Void> delete(AccountId account) {
        return keys.delete(account);
    }

    /** Looks whether there is a key. */
    public Uni<Long> count(AccountId account) {
        return keys.count(account);
    }
}
