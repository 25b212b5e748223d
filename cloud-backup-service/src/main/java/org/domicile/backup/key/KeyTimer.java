package org.domicile.backup.key;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.key.KeyRotation;
import org.domicile.platform.key.KeySweep;
import org.jboss.logging.Logger;

/** Looks after the wrapped keys of WebDAV files: after a rotation they are wrapped again, and those that nothing needs go. */
@ApplicationScoped
public class KeyTimer {
    private static final Logger LOG = Logger.getLogger(KeyTimer.class);

    private final KeyRotation rotation;
    private final KeySweep sweep;

    @Inject
    public KeyTimer(KeyRotation rotation, KeySweep sweep) {
        this.rotation = rotation;
        this.sweep = sweep;
    }

    @Scheduled(every = "${domicile.keys.every:1h}", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return rotation.rewrap()
                .flatMap(left -> sweep.sweep())
                .onFailure()
                .invoke(f -> LOG.warnf("keys not looked after, will try again reason=%s", f.toString()))
                .onFailure()
                .recoverWithItem(0L)
                .replaceWithVoid();
    }
}
