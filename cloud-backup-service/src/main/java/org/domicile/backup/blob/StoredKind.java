package org.domicile.backup.blob;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedWrite;

/**
 * What one way in stores: rows that name generations, and the objects of a generation at {@code <root><account>/<generation>…}. A row
 * names a generation from before its first object on, and a generation is never used twice: so an old object whose generation no row
 * names can never get one. Trash, sweep and purge are the same for all kinds.
 */
public interface StoredKind {
    /** With a slash at its end. */
    String root();

    /** Ends uploads whose clock has run out. @return how many */
    Uni<Long> endUploads(Instant now);

    /**
     * Accounts at home here with something that was deleted before the instant.
     *
     * @param whileMoved the same for accounts that are being moved, for which the window may be shorter
     */
    Uni<List<AccountId>> accountsWithTrash(Instant before, Instant whileMoved);

    /** Ends, in the write, rows whose trash window has passed. */
    Uni<Purged> purge(FencedWrite write, Instant before);

    /** Those of the generations that any row names. */
    Uni<List<UUID>> named(AccountId account, List<UUID> generations);

    /** With a slash at its end. */
    default String prefix(AccountId account) {
        return root() + account + "/";
    }

    /**
     * Rows that are gone.
     *
     * @param count of rows
     * @param keys of the objects that they named
     * @param more whether there may be more of them
     */
    record Purged(long count, List<String> keys, boolean more) {}
}
