package org.domicile.account.law;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.law.MoveLaws;

/** The law that holds for an account: its market's, and while it is at two places the stricter of both ends. */
@ApplicationScoped
public class AccountLaws {
    private final Pool pool;
    private final MarketLaws markets;
    private final MoveLaws moves;

    @Inject
    public AccountLaws(Pool pool, MarketLaws markets, MoveLaws moves) {
        this.pool = pool;
        this.markets = markets;
        this.moves = moves;
    }

    public Uni<MarketLaw> of(AccountId account, String market) {
        return of(pool, account, market);
    }

    /** @param market the account's own */
    public Uni<MarketLaw> of(SqlClient client, AccountId account, String market) {
        var own = markets.of(market);
        return moves.of(client, account).map(other -> other.map(policy -> new MarketLaw(
                        own.id(), own.law(), own.regions(), own.policy().stricter(policy)))
                .orElse(own));
    }
}
