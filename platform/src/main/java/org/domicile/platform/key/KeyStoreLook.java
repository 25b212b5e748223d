package org.domicile.platform.key;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.jboss.logging.Logger;

/** Sees whether the key store answers. Readiness leaves it out, because what is not personal is served without it. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.keys.enabled", stringValue = "true")
class KeyStoreLook {
    private static final Logger LOG = Logger.getLogger(KeyStoreLook.class);
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Pool keys;
    private final Vertx vertx;
    private final Look look;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    KeyStoreLook(@ReactiveDataSource("keys") Pool keys, Vertx vertx, Looks looks) {
        this.keys = keys;
        this.vertx = vertx;
        this.look = looks.of("key-store", EVERY);
    }

    void start(@Observes StartupEvent event) {
        vertx.setPeriodic(EVERY.toMillis(), id -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void tick() {
        if (stopped || !busy.compareAndSet(false, true)) {
            return;
        }
        keys.query("select 1")
                .execute()
                .onTermination()
                .invoke(() -> busy.set(false))
                .subscribe()
                .with(
                        rows -> look.succeeded(),
                        failure -> LOG.warnf("key store not reached, will try again reason=%s", failure.toString()));
    }
}
