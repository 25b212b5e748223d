package org.domicile.platform.consent;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * Nothing is stored for a feature before its owner switched it on. Asked in the transaction that stores, on this service's own
 * projection of the consent ledger; no row means off.
 */
@ApplicationScoped
public class ConsentGate {
    private static final String GRANTED = "select coalesce((features -> $2 ->> 'granted')::boolean, false) as granted"
            + " from consent_projection where account_id = $1";

    /** A consent given a moment ago may be on its way to this service: it is looked for so often and so long. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final int LOOKS = 20;

    private final Pool pool;

    @Inject
    public ConsentGate(Pool pool) {
        this.pool = pool;
    }

    /** @return fails with CONSENT_REQUIRED (403) if the feature is off */
    public Uni<Void> require(SqlConnection connection, AccountId account, Feature feature) {
        return granted(connection, account, feature)
                .invoke(on -> {
                    if (!on) {
                        throw refusal(feature);
                    }
                })
                .replaceWithVoid();
    }

    public Uni<Boolean> granted(AccountId account, Feature feature) {
        return granted(pool, account, feature);
    }

    /** As {@link #granted}, and a consent that is not known here is looked for again for two seconds. */
    public Uni<Boolean> grantedSoon(AccountId account, Feature feature) {
        return grantedSoon(account, feature, LOOKS);
    }

    private Uni<Boolean> grantedSoon(AccountId account, Feature feature, int looks) {
        return granted(account, feature)
                .flatMap(granted -> granted || looks == 1
                        ? Uni.createFrom().item(granted)
                        : Uni.createFrom()
                                .voidItem()
                                .onItem()
                                .delayIt()
                                .by(LOOK)
                                .flatMap(waited -> grantedSoon(account, feature, looks - 1)));
    }

    public static ProblemException refusal(Feature feature) {
        return new ProblemException(
                ErrorCode.CONSENT_REQUIRED,
                "Nothing was stored: switch \"" + feature.id() + "\" on first (PUT /v1/me/consents/" + feature.id()
                        + ").",
                Map.of("feature", feature.id()));
    }

    private static Uni<Boolean> granted(SqlClient client, AccountId account, Feature feature) {
        return client.preparedQuery(GRANTED)
                .execute(Tuple.of(account.value(), feature.id()))
                .map(rows -> rows.size() > 0 && rows.iterator().next().getBoolean("granted"));
    }
}
