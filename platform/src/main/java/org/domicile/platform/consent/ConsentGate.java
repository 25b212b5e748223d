package org.domicile.platform.consent;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.event.LateNews;

/**
 * Nothing is stored for a feature before its owner switched it on. Asked in the transaction that stores, on this service's own
 * projection of the consent ledger; no row means off, and so does a consent to a policy that is no longer in force.
 */
@ApplicationScoped
public class ConsentGate {
    /** Columns of {@code consent_projection} that say what was decided about the feature {@code $2}; read by {@link #isGranted}. */
    public static final String DECISION =
            "(features -> $2 ->> 'granted')::boolean as granted," + " features -> $2 ->> 'policyVersion' as policy";

    private static final String GRANTED = "select " + DECISION + " from consent_projection where account_id = $1";

    /** A first consent given a moment ago may be on its way to this service: it is looked for so often and so long. */
    private static final int LOOKS = 20;

    private final Pool pool;
    private final ConsentConfig config;

    @Inject
    public ConsentGate(Pool pool, ConsentConfig config) {
        this.pool = pool;
        this.config = config;
    }

    /** What the projection says of one feature. */
    private enum Answer {
        ON,
        OFF,
        OUTDATED,
        UNDECIDED
    }

    /** @return fails with CONSENT_REQUIRED (403) if the feature is off, or on under a policy that is no longer in force */
    public Uni<Void> require(SqlConnection connection, AccountId account, Feature feature) {
        return ask(connection, account, feature)
                .invoke(answer -> {
                    switch (answer) {
                        case ON -> {}
                        case OFF, UNDECIDED -> throw refusal(feature);
                        case OUTDATED -> throw outdated(feature);
                    }
                })
                .replaceWithVoid();
    }

    public Uni<Boolean> granted(AccountId account, Feature feature) {
        return ask(pool, account, feature).map(answer -> answer == Answer.ON);
    }

    /** Whether a row with the columns {@link #DECISION} lets the feature store. */
    public boolean isGranted(Row row) {
        return answer(row) == Answer.ON;
    }

    /** As {@link #granted}; where no decision is known here, one is looked for again for two seconds. */
    public Uni<Boolean> grantedSoon(AccountId account, Feature feature) {
        return LateNews.expect(() -> ask(pool, account, feature), answer -> answer != Answer.UNDECIDED, LOOKS)
                .map(answer -> answer == Answer.ON);
    }

    public static ProblemException refusal(Feature feature) {
        return new ProblemException(
                ErrorCode.CONSENT_REQUIRED,
                "Nothing was stored: switch \"" + feature.id() + "\" on first (PUT /v1/me/consents/" + feature.id()
                        + ").",
                Map.of("feature", feature.id()));
    }

    private ProblemException outdated(Feature feature) {
        var version = config.currentPolicy();
        return new ProblemException(
                ErrorCode.CONSENT_REQUIRED,
                "Nothing was stored: the policy has changed; show version " + version + " and ask again (PUT"
                        + " /v1/me/consents/" + feature.id() + ").",
                Map.of("feature", feature.id(), "policyVersion", version));
    }

    private Uni<Answer> ask(SqlClient client, AccountId account, Feature feature) {
        return client.preparedQuery(GRANTED)
                .execute(Tuple.of(account.value(), feature.id()))
                .map(rows -> rows.size() == 0
                        ? Answer.UNDECIDED
                        : answer(rows.iterator().next()));
    }

    private Answer answer(Row row) {
        var granted = row.getBoolean("granted");
        if (granted == null) {
            return Answer.UNDECIDED;
        }
        if (!granted) {
            return Answer.OFF;
        }
        return config.isInForce(row.getString("policy")) ? Answer.ON : Answer.OUTDATED;
    }
}
