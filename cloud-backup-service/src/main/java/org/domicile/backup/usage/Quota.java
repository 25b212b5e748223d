package org.domicile.backup.usage;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.domicile.backup.BackupConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FencedWrite;

/** Room for LIVE and PENDING bytes: reserved before an upload begins, and never refused without a recount. */
@ApplicationScoped
public class Quota {
    private static final String COUNT =
            "(select coalesce(sum(size), 0)::bigint from stored where account_id = $1 and state <> 'TRASHED')";

    private final BackupConfig config;

    @Inject
    public Quota(BackupConfig config) {
        this.config = config;
    }

    /** @return fails with QUOTA_EXCEEDED (507) and the numbers, in bytes */
    public Uni<Void> reserve(FencedWrite write, long bytes) {
        return add(write.connection(), write.account(), bytes).flatMap(used -> {
            if (used <= config.quota()) {
                return Uni.createFrom().voidItem();
            }
            return recount(write.connection(), write.account())
                    .flatMap(counted -> counted + bytes <= config.quota()
                            ? add(write.connection(), write.account(), bytes).replaceWithVoid()
                            : Uni.createFrom().failure(full(counted, bytes)));
        });
    }

    /** Takes the account's count before rows of uploads are taken: the order that all transactions keep. */
    public Uni<Void> lock(SqlClient client, AccountId account) {
        return client.preparedQuery("select from usage where account_id = $1 for update")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    public Uni<Void> release(SqlClient client, AccountId account, long bytes) {
        return add(client, account, -bytes).replaceWithVoid();
    }

    private Uni<Long> add(SqlClient client, AccountId account, long bytes) {
        return client.preparedQuery(
                        "insert into usage (account_id, bytes) values ($1, greatest($2, 0))"
                                + " on conflict (account_id) do update set bytes = greatest(usage.bytes + $2, 0) returning bytes")
                .execute(Tuple.of(account.value(), bytes))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /**
     * Counts anew what the rows say, in a transaction: reservations under way are waited for, so that none is missed.
     *
     * @return bytes
     */
    public Uni<Long> recount(SqlConnection connection, AccountId account) {
        return add(connection, account, 0)
                .chain(() -> connection
                        .preparedQuery("update usage set bytes = " + COUNT + " where account_id = $1 returning bytes")
                        .execute(Tuple.of(account.value())))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    private ProblemException full(long used, long bytes) {
        return new ProblemException(
                ErrorCode.QUOTA_EXCEEDED,
                "Delete old snapshots (restic forget --prune) or ask for more room.",
                Map.of("quotaBytes", config.quota(), "usedBytes", used, "requestedBytes", bytes));
    }
}
