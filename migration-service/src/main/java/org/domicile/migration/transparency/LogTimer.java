package org.domicile.migration.transparency;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.migration.transparency.LogStore.Head;
import org.jboss.logging.Logger;

/** Keeps the log going: new receipts in, signatures of the other regions on. */
@ApplicationScoped
class LogTimer {
    private static final Logger LOG = Logger.getLogger(LogTimer.class);

    private final Vertx vertx;
    private final LogWriter writer;
    private final Cosigners cosigners;
    private final long tickMillis;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    LogTimer(Vertx vertx, LogWriter writer, Cosigners cosigners, TransparencyConfig config) {
        this.vertx = vertx;
        this.writer = writer;
        this.cosigners = cosigners;
        this.tickMillis = config.tick().toMillis();
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(tickMillis, id -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private Uni<Void> cosign(Head head) {
        return head.unsure() ? cosigners.seen(head).flatMap(seen -> settle(head, seen)) : cosigners.ask(head);
    }

    private Uni<Void> settle(Head head, long seen) {
        var complete = seen <= head.size();
        if (!complete) {
            LOG.errorf("the log lost entries in a restore: another one begins rows=%d count=%d", head.size(), seen);
        }
        return writer.settle(head, complete);
    }

    private void tick() {
        if (stopped || !busy.compareAndSet(false, true)) {
            return;
        }
        writer.append().flatMap(this::cosign).subscribe().with(done -> busy.set(false), failure -> {
            busy.set(false);
            LOG.warnf("receipts not logged, will try again reason=%s", failure.toString());
        });
    }
}
