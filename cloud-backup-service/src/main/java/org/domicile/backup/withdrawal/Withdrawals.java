package org.domicile.backup.withdrawal;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;

/**
 * Which accounts have switched backup off, when, and when what they stored is deleted: on the day that their owner was told, and by the
 * market's grace where none was.
 */
@ApplicationScoped
public class Withdrawals {
    /** SQL: when. */
    public static final String AT = "(c.features -> 'backup' ->> 'at')::timestamptz";

    /** SQL: the day of the purge that the owner was told; null where account-service published none. */
    private static final String TOLD = "(c.features -> 'backup' ->> 'purgeAt')::timestamptz";

    private static final String WITHDRAWN = "consent_projection c left join account_market m using (account_id)"
            + " left join move_law l using (account_id)"
            + " where c.features -> 'backup' ->> 'granted' = 'false' and c.features -> 'backup' ->> 'at' is not null";

    /** SQL: those at home here of which something is stored. */
    public static final String STORED = WITHDRAWN
            + " and exists (select from fence f where f.account_id = c.account_id and f.mode = 'OWN')"
            + " and (exists (select from repositories r where r.account_id = c.account_id)"
            + " or exists (select from webdav_resources w where w.account_id = c.account_id)"
            + " or exists (select from stored s where s.account_id = c.account_id))";

    private static final String SELECT =
            "select c.account_id, m.market, l.markets, " + AT + " as at, " + TOLD + " as told from ";

    private final Pool pool;
    private final WithdrawalGrace grace;

    @Inject
    public Withdrawals(Pool pool, WithdrawalGrace grace) {
        this.pool = pool;
        this.grace = grace;
    }

    /** Empty while backup is on, and where it never was. */
    public Uni<Optional<Withdrawal>> of(AccountId account) {
        return of(pool, account);
    }

    Uni<Optional<Withdrawal>> of(SqlClient client, AccountId account) {
        return client.preparedQuery(SELECT + WITHDRAWN + " and c.account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(this::withdrawal)
                        .findFirst());
    }

    /** Accounts at home here whose grace has passed and of which something is stored. */
    Uni<List<AccountId>> due(Instant now) {
        return pool.query(SELECT + STORED).execute().map(rows -> StreamSupport.stream(rows.spliterator(), false)
                .filter(row -> !withdrawal(row).deletedAt().isAfter(now))
                .map(row -> new AccountId(row.getUUID("account_id")))
                .toList());
    }

    /** SQL: when the grace is over at the latest, for {@link #STORED}. */
    public String end() {
        return "coalesce(" + TOLD + ", " + grace.due(AT) + ")";
    }

    private Withdrawal withdrawal(Row row) {
        var at = row.get(OffsetDateTime.class, "at").toInstant();
        var told = row.get(OffsetDateTime.class, "told");
        return told == null
                ? Withdrawal.at(at, grace.of(row.getString("market"), row.getArrayOfStrings("markets")))
                : Withdrawal.told(at, told.toInstant());
    }
}
