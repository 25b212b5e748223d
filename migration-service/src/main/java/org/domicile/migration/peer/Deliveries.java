package org.domicile.migration.peer;

import io.opentelemetry.api.common.Attributes;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.migration.baton.BatonAccepted;
import org.domicile.migration.peer.DeliveryStore.Claimed;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.trace.TraceFields;
import org.domicile.platform.trace.Traces;
import org.domicile.platform.trace.Work;
import org.jboss.logging.Logger;

/** Sends deliveries, to other regions' migration-services for the most part, until they are acknowledged. */
@ApplicationScoped
public class Deliveries {
    private static final Logger LOG = Logger.getLogger(Deliveries.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int MOST_DOUBLINGS = 6;

    private final Pool pool;
    private final DeliveryStore store;
    private final PeerClient peers;
    private final BatonAccepted batonAccepted;
    private final NearCommands near;
    private final AtomicBoolean claiming = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();

    @Inject
    public Deliveries(
            Pool pool, DeliveryStore store, PeerClient peers, BatonAccepted batonAccepted, NearCommands near) {
        this.pool = pool;
        this.store = store;
        this.peers = peers;
        this.batonAccepted = batonAccepted;
        this.near = near;
        store.sender(this::send, this::wake);
    }

    /** Looks for what is due, now. */
    public void wake() {
        if (!claiming.compareAndSet(false, true)) {
            again.set(true);
            return;
        }
        again.set(false);
        store.claim()
                .subscribe()
                .with(
                        claimed -> {
                            claimed.forEach(this::send);
                            rest();
                        },
                        failure -> {
                            LOG.warnf("deliveries not looked at, will try again reason=%s", failure.toString());
                            claiming.set(false);
                        });
    }

    private void rest() {
        claiming.set(false);
        if (again.get()) {
            wake();
        }
    }

    private void send(Claimed claimed) {
        Traces.apart(
                        claimed.trace(),
                        Work.DELIVER,
                        claimed.delivery().kind(),
                        about(claimed.delivery()),
                        () -> post(claimed.delivery()).chain(() -> acknowledged(claimed)))
                .onFailure()
                .recoverWithUni(failure -> later(claimed, failure).replaceWith(false))
                .subscribe()
                .with(
                        waiting -> {
                            if (waiting) {
                                wake();
                            }
                        },
                        failure -> LOG.warnf("delivery waits for its lease to end reason=%s", failure.toString()));
    }

    private static Attributes about(Delivery delivery) {
        return Attributes.of(TraceFields.ACCOUNT, delivery.account().toString(), TraceFields.TO, delivery.region());
    }

    private Uni<Void> post(Delivery delivery) {
        return delivery.kind().equals(Delivery.NEAR) ? near.freeze(delivery) : abroad(delivery);
    }

    private Uni<Void> abroad(Delivery delivery) {
        var options = peers.request(HttpMethod.POST, delivery.region(), "migration", "/peer/v1/" + delivery.kind())
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("Content-Type", "application/json");
        return peers.ask(options, Buffer.buffer(delivery.body()))
                .invoke(PeerClient::accepted)
                .replaceWithVoid();
    }

    /** @return whether something waits for this delivery */
    private Uni<Boolean> acknowledged(Claimed claimed) {
        return pool.withTransaction(connection -> (claimed.delivery().kind().equals(Delivery.BATONS)
                        ? batonAccepted.by(connection, claimed.delivery())
                        : Uni.createFrom().voidItem())
                .chain(() -> store.remove(connection, claimed)));
    }

    private Uni<Void> later(Claimed claimed, Throwable failure) {
        var delivery = claimed.delivery();
        LOG.warnf(
                "not delivered, will try again kind=%s region=%s account=%s attempt=%d reason=%s",
                delivery.kind(), delivery.region(), delivery.account(), claimed.attempt(), failure.toString());
        var doublings = Math.min(claimed.attempt() - 1, MOST_DOUBLINGS);
        return store.retryAfter(claimed, FIRST_PAUSE.multipliedBy(1L << doublings));
    }
}
