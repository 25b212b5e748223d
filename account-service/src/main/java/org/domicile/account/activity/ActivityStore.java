package org.domicile.account.activity;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.domicile.account.law.MarketLaws;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of activity. */
@ApplicationScoped
public class ActivityStore {
    private static final int BATCH = 100;
    private static final String UNSENT = "exists (select from notice n where n.account_id = t.account_id"
            + " and n.kind = 'INACTIVITY' and n.sent_at is null)";

    private final Pool pool;
    private final MarketLaws laws;

    @Inject
    public ActivityStore(Pool pool, MarketLaws laws) {
        this.pool = pool;
        this.laws = laws;
    }

    /** Of a new account. */
    public Uni<Void> begin(SqlConnection connection, AccountId account, Instant now) {
        return connection
                .preparedQuery("insert into activity (account_id, version, at) values ($1, 0, $2)"
                        + " on conflict (account_id) do nothing")
                .execute(Tuple.of(account.value(), at(now)))
                .replaceWithVoid();
    }

    Uni<Inactivity> find(AccountId account) {
        return find(pool, account);
    }

    Uni<Inactivity> find(SqlClient client, AccountId account) {
        return client.preparedQuery("select at, notices, erase_at, erasure_id, " + UNSENT
                        + " as unsent from activity t where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such account in this region.");
                    }
                    var row = rows.iterator().next();
                    var eraseAt = row.get(OffsetDateTime.class, "erase_at");
                    return new Inactivity(
                            row.get(OffsetDateTime.class, "at").toInstant(),
                            row.getInteger("notices"),
                            eraseAt == null ? null : eraseAt.toInstant(),
                            row.getUUID("erasure_id"),
                            row.getBoolean("unsent"));
                });
    }

    Uni<Void> put(FencedWrite write, Inactivity state) {
        return write.connection()
                .preparedQuery("update activity set version = $2, at = $3, notices = $4, erase_at = $5, erasure_id = $6"
                        + " where account_id = $1")
                .execute(Tuple.from(new Object[] {
                    write.account().value(),
                    write.version(),
                    at(state.at()),
                    state.notices(),
                    state.eraseAt() == null ? null : at(state.eraseAt()),
                    state.erasureId()
                }))
                .replaceWithVoid();
    }

    /** Those of these accounts that were last seen before that time, or were given notice. */
    Uni<List<AccountId>> stale(Collection<AccountId> accounts, Instant before) {
        return pool.preparedQuery(
                        "select account_id from activity where account_id = any($1) and (at < $2 or notices > 0)")
                .execute(Tuple.of(accounts.stream().map(AccountId::value).toArray(UUID[]::new), at(before)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new AccountId(row.getUUID("account_id")))
                        .toList());
    }

    /** Some accounts at home here whose next notice, or whose erasure, is due; none that is being erased already, or whose last notice is still to be sent. */
    Uni<List<AccountId>> due(Instant now) {
        var longest = laws.inactivityNotices().stream().max(Duration::compareTo).orElse(Duration.ZERO);
        var shortest = laws.shortestInactivity();
        return pool.preparedQuery("select t.account_id from activity t join account a using (account_id)"
                        + " join fence f using (account_id) where f.mode = 'OWN' and t.at <= $2 and t.erasure_id is null"
                        + " and not exists (select from erasure e where e.account_id = t.account_id and e.state <> 'CANCELLED')"
                        + " and not " + UNSENT + " and " + due("t", "a.market")
                        + " - make_interval(secs => ($3::float8[])[t.notices + 1]) <= $1 order by t.at limit " + BATCH)
                .execute(Tuple.of(at(now), at(now.minus(shortest).plus(longest)), leads()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new AccountId(row.getUUID("account_id")))
                        .toList());
    }

    /** SQL: when an account is erased unless it is used again. */
    public String due(String table, String market) {
        var period = laws.inactivityByMarket().entrySet().stream()
                        .map(law -> "when %s = '%s' then %s".formatted(market, law.getKey(), interval(law.getValue())))
                        .collect(Collectors.joining(" ", "case when false then interval '0' ", " else "))
                + interval(laws.inactivity()) + " end";
        return "coalesce(%s.erase_at, %s.at + %s)".formatted(table, table, period);
    }

    private static String interval(Duration duration) {
        return "interval '" + duration.toSeconds() + " seconds'";
    }

    private Double[] leads() {
        return DoubleStream.concat(
                        laws.inactivityNotices().stream().mapToDouble(Duration::toSeconds), DoubleStream.of(0))
                .boxed()
                .toArray(Double[]::new);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
