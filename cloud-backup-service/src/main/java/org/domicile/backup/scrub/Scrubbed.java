package org.domicile.backup.scrub;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import org.domicile.platform.account.AccountId;

/** What can be read again to see that it is still good: rows with {@code generation}, {@code verified_at} and {@code damaged_at}. */
public interface Scrubbed {
    String table();

    /** The column that names a row beside the account. */
    String id();

    /**
     * Reads all that the row names.
     *
     * @return false if it is missing or wrong; fails if that could not be seen
     */
    Uni<Boolean> isGood(AccountId account, Row row);
}
