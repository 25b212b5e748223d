package org.domicile.backup.key;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.key.WrappedKeys;

/**
 * The data key under which this service encrypts what an account's clients could not: one an account and region, in the key store, wrapped
 * by the region's key. It never leaves its region; deleting it makes what it encrypted unreadable.
 */
@ApplicationScoped
public class DataKeys {
    private final WrappedKeys keys;

    @Inject
    public DataKeys(WrappedKeys keys) {
        this.keys = keys;
    }

    /** @return empty if the account has none; fails with UNAVAILABLE (503) if the region's key is away */
    public Uni<Optional<DataKey>> find(AccountId account) {
        return keys.find(account).map(found -> found.map(DataKey::new));
    }

    /** Makes the key first if there is none, and that stays made: before the row that needs it. */
    public Uni<DataKey> open(AccountId account) {
        return keys.open(account).map(DataKey::new);
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
