package org.domicile.account.law;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.domicile.platform.account.AccountId;

/**
 * The class of data that outlives an erasure: events (ids, kinds, times; no content) of accounts whose market's law wants logs kept,
 * for as long as it wants and no longer. Nothing is kept for other markets.
 */
@ApplicationScoped
public class LegalLog {
    public static final String ACCOUNT_OPENED = "account-opened";
    public static final String ERASURE_REQUESTED = "erasure-requested";
    public static final String ERASURE_CANCELLED = "erasure-cancelled";

    private final AccountLaws laws;
    private final Clock clock;

    @Inject
    public LegalLog(AccountLaws laws, Clock clock) {
        this.laws = laws;
        this.clock = clock;
    }

    public Uni<Void> add(SqlConnection connection, AccountId account, String market, String event) {
        return laws.of(connection, account, market).flatMap(law -> law.logRetention()
                .map(kept -> add(connection, account, event, kept))
                .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Uni<Void> add(SqlConnection connection, AccountId account, String event, Duration kept) {
        var now = clock.instant();
        return connection
                .preparedQuery("insert into legal_log (account_id, event, at, expires_at) values ($1, $2, $3, $4)")
                .execute(Tuple.of(
                        account.value(),
                        event,
                        now.atOffset(ZoneOffset.UTC),
                        now.plus(kept).atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }
}
