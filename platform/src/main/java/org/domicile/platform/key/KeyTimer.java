package org.domicile.platform.key;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Looks after the wrapped keys: after a rotation they are wrapped again, and those that nothing needs go. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.keys.enabled", stringValue = "true")
class KeyTimer {
    private static final Logger LOG = Logger.getLogger(KeyTimer.class);

    private final Vertx vertx;
    private final KeysConfig config;
    private final KeyRotation rotation;
    private final KeySweep sweep;
    private final AtomicBoolean looking = new AtomicBoolean();

    @Inject
    KeyTimer(Vertx vertx, KeysConfig config, KeyRotation rotation, KeySweep sweep) {
        this.vertx = vertx;
        this.config = config;
        this.rotation = rotation;
        this.sweep = sweep;
    }

    void start(@Observes StartupEvent event) {
        look();
        vertx.setPeriodic(config.every().toMillis(), id -> look());
    }

    private void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        rotation.rewrap()
                .flatMap(left -> sweep.sweep())
                .onTermination()
                .invoke(() -> looking.set(false))
                .subscribe()
                .with(
                        swept -> {},
                        failure -> LOG.warnf("keys not looked after, will try again reason=%s", failure.toString()));
    }
}
