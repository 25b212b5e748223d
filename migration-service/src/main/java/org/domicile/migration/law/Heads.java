package org.domicile.migration.law;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.region.ServiceIdentity;

/**
 * People of a market whose data left this region, by calendar year (UTC): each is counted once a year, when the move that copies
 * them begins. Only markets whose law sets a number are counted.
 */
@ApplicationScoped
public class Heads {
    private final TransferLaw law;
    private final String region;
    private final Clock clock;

    @Inject
    public Heads(TransferLaw law, ServiceIdentity identity, Clock clock) {
        this.law = law;
        this.region = identity.region();
        this.clock = clock;
    }

    /** People of the market counted this year. */
    public Uni<Long> people(SqlClient client, String market) {
        if (!law.counts(market)) {
            return Uni.createFrom().item(0L);
        }
        return client.preparedQuery("select people from transfer_total where market = $1 and source = $2 and year = $3")
                .execute(Tuple.of(market, region, year()))
                .map(rows -> rows.size() == 0 ? 0L : rows.iterator().next().getLong("people"));
    }

    /** The same without this account. */
    public Uni<Long> others(SqlClient client, String market, AccountId account) {
        return people(client, market)
                .flatMap(people -> people == 0
                        ? Uni.createFrom().item(people)
                        : counted(client, account).map(counted -> counted ? people - 1 : people));
    }

    /** Holds the year's number until the transaction ends, so that two moves cannot both be the last one allowed. */
    public Uni<Void> lock(SqlConnection connection, String market) {
        if (!law.counts(market)) {
            return Uni.createFrom().voidItem();
        }
        return connection
                .preparedQuery("insert into transfer_total (market, source, year, people) values ($1, $2, $3, 0)"
                        + " on conflict (market, source, year) do update set people = transfer_total.people")
                .execute(Tuple.of(market, region, year()))
                .replaceWithVoid();
    }

    /** Counts the account's person, once a year. */
    public Uni<Void> count(SqlConnection connection, String market, AccountId account, String target) {
        if (!law.counts(market)) {
            return Uni.createFrom().voidItem();
        }
        return connection
                .preparedQuery("with head as (insert into transfer_head (account_id, year, source, market, target, at)"
                        + " values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1)"
                        + " update transfer_total set people = people + (select count(*) from head)"
                        + " where market = $4 and source = $3 and year = $2")
                .execute(Tuple.of(
                        account.value(),
                        year(),
                        region,
                        market,
                        target,
                        clock.instant().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private Uni<Boolean> counted(SqlClient client, AccountId account) {
        return client.preparedQuery("select from transfer_head where account_id = $1 and year = $2 and source = $3")
                .execute(Tuple.of(account.value(), year(), region))
                .map(rows -> rows.size() == 1);
    }

    private int year() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).getYear();
    }
}
