package org.domicile.account.consent;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.fence.FencedWrite;

/** The ledger's rows: only ever added. */
@ApplicationScoped
public class ConsentLedger {
    private static final String COLUMNS =
            "sequence, feature, granted, policy_version, locale, at, guardian, previous, hash";

    /** All entries, oldest first. */
    Uni<List<LedgerEntry>> all(SqlClient client, AccountId account) {
        return client.preparedQuery("select " + COLUMNS + " from consent where account_id = $1 order by sequence")
                .execute(Tuple.of(account.value()))
                .map(rows -> entries(account, rows));
    }

    /** Accounts that have a ledger here, in the order of their ids, from the one after. */
    Uni<List<AccountId>> accountsAfter(SqlClient client, AccountId after, int limit) {
        return client.preparedQuery(
                        "select distinct account_id from consent where account_id > $1 order by account_id limit $2")
                .execute(Tuple.of(after.value(), limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new AccountId(row.getUUID("account_id")))
                        .toList());
    }

    /** The newest entry of each feature that was ever decided. */
    Uni<List<LedgerEntry>> current(SqlClient client, AccountId account) {
        return client.preparedQuery("select distinct on (feature) " + COLUMNS
                        + " from consent where account_id = $1 order by feature, sequence desc")
                .execute(Tuple.of(account.value()))
                .map(rows -> entries(account, rows));
    }

    /** The newest entry of all, or null. */
    Uni<LedgerEntry> last(SqlClient client, AccountId account) {
        return client.preparedQuery(
                        "select " + COLUMNS + " from consent where account_id = $1 order by sequence desc limit 1")
                .execute(Tuple.of(account.value()))
                .map(rows -> entries(account, rows).stream().findFirst().orElse(null));
    }

    /**
     * Of accounts at home here, whose ledgers lack an entry that was once published, or have another in its place: the first that is
     * missing or not the same.
     */
    Uni<List<LedgerAudit.Broken>> lacking(SqlClient client, List<PublishedHeads.Head> heads) {
        return client.preparedQuery("select p.account_id, min(least(p.sequence, l.last + 1)) as sequence"
                        + " from unnest($1::uuid[], $2::bigint[], $3::text[]) as p (account_id, sequence, hash)"
                        + " join fence f using (account_id) left join consent c using (account_id, sequence)"
                        + " cross join lateral (select coalesce(max(k.sequence), 0) as last from consent k"
                        + " where k.account_id = p.account_id) l"
                        + " where f.mode in ('OWN', 'FROZEN') and c.hash is distinct from p.hash group by 1 order by 1")
                .execute(Tuple.of(
                        heads.stream().map(h -> h.account().value()).toArray(UUID[]::new),
                        heads.stream().map(PublishedHeads.Head::sequence).toArray(Long[]::new),
                        heads.stream().map(PublishedHeads.Head::hash).toArray(String[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new LedgerAudit.Broken(
                                new AccountId(row.getUUID("account_id")), row.getLong("sequence")))
                        .toList());
    }

    Uni<Void> add(FencedWrite write, LedgerEntry entry) {
        return write.connection()
                .preparedQuery("insert into consent (account_id, version, " + COLUMNS
                        + ") values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
                .execute(Tuple.from(new Object[] {
                    write.account().value(),
                    write.version(),
                    entry.sequence(),
                    entry.feature().id(),
                    entry.granted(),
                    entry.policyVersion(),
                    entry.locale(),
                    entry.at().atOffset(ZoneOffset.UTC),
                    entry.guardian(),
                    entry.previous(),
                    entry.hash()
                }))
                .replaceWithVoid();
    }

    private static List<LedgerEntry> entries(AccountId account, RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new LedgerEntry(
                        account,
                        row.getLong("sequence"),
                        Feature.parse(row.getString("feature")),
                        row.getBoolean("granted"),
                        row.getString("policy_version"),
                        row.getString("locale"),
                        row.get(OffsetDateTime.class, "at").toInstant(),
                        row.getBoolean("guardian"),
                        row.getString("previous"),
                        row.getString("hash")))
                .toList();
    }
}
