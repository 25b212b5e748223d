package org.domicile.platform.fence;

import io.vertx.mutiny.sqlclient.SqlConnection;
import org.domicile.platform.account.AccountId;

/**
 * A write that has passed the fence: its open transaction, and the version and epoch that every row it touches is given.
 *
 * @param version unique and rising in commit order for this account in this database
 */
public record FencedWrite(SqlConnection connection, AccountId account, long version, long epoch) {}
