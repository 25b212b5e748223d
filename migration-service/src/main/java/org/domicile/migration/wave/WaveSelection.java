package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.domicile.migration.law.Placement;
import org.domicile.platform.region.ServiceIdentity;

/** The accounts that a selector names, of those that live here. */
@ApplicationScoped
public class WaveSelection {
    /** Accounts written down in one transaction. */
    static final int BATCH = 5_000;

    private static final UUID FIRST = new UUID(0, 0);
    private static final String WHERE = " from directory d where d.home = $1 and d.account_id > $2"
            + " and ($3::text[] is null or d.market = any($3))"
            + " and ($4::uuid[] is null or d.account_id = any($4))"
            + " and ($5::text is null or exists"
            + " (select from account_label l where l.account_id = d.account_id and l.label = $5))"
            // the same accounts for the same percentage, and more of the same for a higher one
            + " and ($6::int is null or ('x' || substr(encode(sha256(convert_to(d.account_id::text, 'UTF8')), 'hex'),"
            + " 1, 7))::bit(28)::int % 100 < $6)";

    private final Pool pool;
    private final String region;
    private final Placement placement;

    @Inject
    public WaveSelection(Pool pool, ServiceIdentity identity, Placement placement) {
        this.pool = pool;
        this.region = identity.region();
        this.placement = placement;
    }

    /** Market → accounts. */
    public Uni<SortedMap<String, Long>> count(WaveSpec spec) {
        var limit = spec.selector().limit();
        return pool.preparedQuery("select market, count(*) as accounts from (select d.market" + WHERE
                        + " order by d.account_id limit $7) chosen group by market")
                .execute(values(spec, FIRST).addValue(limit))
                .map(rows -> {
                    var markets = new TreeMap<String, Long>();
                    rows.forEach(row -> markets.put(row.getString("market"), row.getLong("accounts")));
                    return markets;
                });
    }

    /** Writes the next accounts down. @return the last of them; null if there are no more */
    public Uni<UUID> add(SqlConnection connection, Wave wave) {
        var spec = wave.spec();
        return connection
                .preparedQuery("with chosen as (select d.account_id" + WHERE + " order by d.account_id"
                        + " limit least(" + BATCH + ", case when $7::bigint is not null then"
                        + " $7 - (select count(*) from wave_account where wave_id = $8) end)),"
                        + " added as (insert into wave_account (account_id, wave_id, state)"
                        + " select account_id, $8, 'WAITING' from chosen on conflict do nothing)"
                        + " select account_id from chosen order by account_id desc limit 1")
                .execute(values(spec, wave.selectedTo() == null ? FIRST : wave.selectedTo())
                        .addValue(spec.selector().limit())
                        .addValue(wave.id()))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getUUID("account_id"));
    }

    private Tuple values(WaveSpec spec, UUID after) {
        var selector = spec.selector();
        return Tuple.tuple()
                .addValue(region)
                .addValue(after)
                .addValue(markets(spec))
                .addValue(
                        selector.accounts() == null
                                ? null
                                : selector.accounts().stream()
                                        .map(account -> account.value())
                                        .toArray(UUID[]::new))
                .addValue(selector.label())
                .addValue(selector.percent());
    }

    /** Without a target only markets whose accounts belong elsewhere. */
    private String[] markets(WaveSpec spec) {
        var wanted = spec.selector().markets();
        if (spec.to() != null) {
            return wanted == null ? null : wanted.toArray(String[]::new);
        }
        return placement.targets().entrySet().stream()
                .filter(entry -> !entry.getValue().equals(region))
                .map(java.util.Map.Entry::getKey)
                .filter(market -> wanted == null || wanted.contains(market))
                .sorted()
                .toArray(String[]::new);
    }
}
