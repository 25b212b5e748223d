package org.domicile.platform.fence;

import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Map;
import org.domicile.platform.account.AccountId;

/** Writes of several accounts that share a transaction. @param passed the accounts that have passed the fence; others may not be written */
public record FencedGroup(SqlConnection connection, Map<AccountId, Passed> passed) {
    /**
     * @param version the last of the versions that the account's rows are given; as many as were asked for end with it
     * @param consented whether the owner has switched the feature on
     */
    public record Passed(long version, boolean consented) {}
}
