package org.domicile.account.erasure;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.jboss.logging.Logger;

/**
 * Orders erasures whose grace is over, says orders again that nobody has carried out, and measures how close the nearest deadline of
 * the law is: {@code domicile_erasures_open}, and {@code domicile_erasure_deadline_seconds}, which an alert watches.
 */
@ApplicationScoped
public class ErasureTimer {
    private static final Logger LOG = Logger.getLogger(ErasureTimer.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration SAY_AGAIN = Duration.ofSeconds(30);
    private static final long NOTHING_OPEN = Duration.ofDays(365).toSeconds();

    private final ErasureStore store;
    private final Erasures erasures;
    private final Clock clock;
    private final Look look;
    private final Look.Finding open;
    private final Look.Finding nearest;

    @Inject
    public ErasureTimer(ErasureStore store, Erasures erasures, Clock clock, Looks looks) {
        this.store = store;
        this.erasures = erasures;
        this.clock = clock;
        this.look = looks.of("erasures", EVERY);
        this.open = look.finding("domicile.erasures.open", null, "Erasures that are not complete");
        this.nearest = look.finding(
                "domicile.erasure.deadline", "seconds", "Until the nearest deadline of an erasure; a year for none");
    }

    @Scheduled(every = "${domicile.erasure.look:5s}", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return orderDue()
                .flatMap(v -> measure())
                .onFailure()
                .invoke(f -> LOG.warnf("erasures not looked at, will try again reason=%s", f.toString()))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> orderDue() {
        var now = clock.instant();
        return store.due(now, now.minus(SAY_AGAIN))
                .onItem()
                .transformToMulti(accounts -> Multi.createFrom().iterable(accounts))
                .onItem()
                .transformToUniAndConcatenate(this::order)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** One that is frozen or has left must not keep the others waiting. */
    private Uni<AccountId> order(AccountId account) {
        return erasures.order(account)
                .onFailure()
                .invoke(f -> LOG.infof("erasure not ordered now account=%s reason=%s", account, f.toString()))
                .onFailure()
                .recoverWithNull()
                .replaceWith(account);
    }

    private Uni<Void> measure() {
        return store.outstanding()
                .invoke(outstanding -> {
                    open.set(outstanding.count());
                    nearest.set(
                            outstanding.earliest() == null
                                    ? NOTHING_OPEN
                                    : Duration.between(clock.instant(), outstanding.earliest())
                                            .toSeconds());
                    look.succeeded();
                })
                .replaceWithVoid();
    }
}
