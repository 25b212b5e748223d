package org.domicile.backup.key;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicLong;
import org.domicile.platform.crypto.KeyRewrap;
import org.domicile.platform.crypto.Kms;
import org.jboss.logging.Logger;

/**
 * Wraps the data keys of WebDAV files again after the region's key was rotated: {@code domicile_keys_under_old_key} says how many are still under an
 * older key; at 0 that one may be destroyed.
 */
@ApplicationScoped
public class KeyRotation {
    private static final Logger LOG = Logger.getLogger(KeyRotation.class);

    private final KeyRewrap keys;
    private final AtomicLong old;

    @Inject
    public KeyRotation(Pool pool, Kms kms, MeterRegistry metrics) {
        this.keys = new KeyRewrap(pool, kms, "data_key");
        this.old = metrics.gauge("domicile.keys.under.old.key", new AtomicLong());
    }

    @Scheduled(every = "${domicile.kms.rewrap-every:1h}", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return rewrap().onFailure()
                .invoke(f -> LOG.warnf("data keys not wrapped again, will try again reason=%s", f.toString()))
                .onFailure()
                .recoverWithItem(0L)
                .replaceWithVoid();
    }

    /** @return how many data keys are still under an older key */
    Uni<Long> rewrap() {
        return keys.run().invoke(old::set);
    }
}
