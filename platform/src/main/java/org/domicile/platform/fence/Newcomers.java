package org.domicile.platform.fence;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.LateNews;
import org.domicile.platform.residency.Residencies;

/**
 * Waits for the news of accounts that were opened a moment ago: stock clients do not ask again, and the first request of a new account
 * may come to a service, or a region, that has not heard of it yet.
 */
@ApplicationScoped
public class Newcomers {
    private static final int LOOKS = 20;
    /** As far as regions' clocks may be apart, and more. */
    private static final Duration RECENTLY = Duration.ofHours(2);

    private final Pool pool;
    private final FenceStore fences;
    private final Residencies residencies;
    private final Clock clock;

    @Inject
    public Newcomers(Pool pool, FenceStore fences, Residencies residencies, Clock clock) {
        this.pool = pool;
        this.fences = fences;
        this.residencies = residencies;
        this.clock = clock;
    }

    /**
     * At once for an account that this service knows or whose id was not made recently; else until this service knows it or its home,
     * two seconds at most.
     */
    public Uni<Void> known(AccountId account) {
        return isRecent(account)
                ? LateNews.expect(() -> isKnown(account), known -> known, LOOKS).replaceWithVoid()
                : Uni.createFrom().voidItem();
    }

    private boolean isRecent(AccountId account) {
        return account.madeAt()
                .map(at -> Duration.between(at, clock.instant()).abs().compareTo(RECENTLY) < 0)
                .orElse(false);
    }

    private Uni<Boolean> isKnown(AccountId account) {
        return fences.read(pool, account)
                .flatMap(row -> row == FenceRow.MISSING
                        ? residencies.of(account).map(home -> home.isPresent())
                        : Uni.createFrom().item(true));
    }
}
