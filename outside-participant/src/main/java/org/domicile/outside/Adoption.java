package org.domicile.outside;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import org.domicile.platform.participant.AccountOpenedConsumer;
import org.jboss.logging.Logger;

/**
 * Brings the accounts that are at home here under the fence, by the directory: those that were there before the system took part,
 * and new ones. An account is confirmed, and may be moved, only when the system can move its data.
 */
@ApplicationScoped
public class Adoption {
    private static final Logger LOG = Logger.getLogger(Adoption.class);
    private static final long LOOK_MILLIS = 250;

    private final Vertx vertx;
    private final AdoptionStore store;
    private final OutsideSystem system;
    private final AccountOpenedConsumer openings;
    private volatile boolean attached;
    private volatile boolean stopped;

    @Inject
    Adoption(Vertx vertx, AdoptionStore store, OutsideSystem system, AccountOpenedConsumer openings) {
        this.vertx = vertx;
        this.store = store;
        this.system = system;
        this.openings = openings;
    }

    Adoption() {
        this(null, null, null, null);
    }

    /** Whether every account that is at home here can be moved. */
    public boolean isAttached() {
        return attached;
    }

    /** Before consumers: the directory's rows must find the region noted. */
    void begin(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE + 1) StartupEvent event) {
        store.begin().await().indefinitely();
    }

    void start(@Observes StartupEvent event) {
        next();
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void next() {
        if (!stopped) {
            vertx.setTimer(LOOK_MILLIS, id -> look().subscribe().with(done -> next(), this::tryAgain));
        }
    }

    private void tryAgain(Throwable failure) {
        if (!stopped) {
            LOG.warnf("accounts not adopted yet, will try again reason=%s", failure.toString());
        }
        next();
    }

    private Uni<Void> look() {
        return (attached ? Uni.createFrom().item(true) : system.attach())
                .invoke(done -> {
                    if (done && !attached) {
                        LOG.info("attached: accounts can be moved");
                    }
                    attached = done;
                })
                .flatMap(done -> done ? confirm() : Uni.createFrom().voidItem());
    }

    private Uni<Void> confirm() {
        return store.unconfirmed()
                .onItem()
                .transformToMulti(accounts -> Multi.createFrom().iterable(accounts))
                .onItem()
                .transformToUniAndConcatenate(a -> system.adopted(a.account(), a.epoch())
                        .flatMap(v -> openings.confirm(a.account()))
                        .flatMap(v -> store.confirmed(a.account()))
                        .replaceWith(a))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
