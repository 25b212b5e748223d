package org.domicile.backup.scrub;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Optional;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.backup.metrics.BackupMetrics;
import org.jboss.logging.Logger;

/**
 * Reads a sample of what is stored, whole, and compares its hash: bytes that rot are found before somebody needs them. A damaged blob
 * is reported, never served, and replaced when a client sends its content again.
 */
@ApplicationScoped
public class Scrubber {
    private static final Logger LOG = Logger.getLogger(Scrubber.class);

    private final ScrubStore store;
    private final ObjectStore objects;
    private final ScrubConfig config;
    private final BackupMetrics metrics;
    private final Clock clock;

    @Inject
    public Scrubber(ScrubStore store, ObjectStore objects, ScrubConfig config, BackupMetrics metrics, Clock clock) {
        this.store = store;
        this.objects = objects;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Scheduled(
            every = "${domicile.backup.scrub.every:1h}",
            delayed = "${domicile.backup.scrub.every:1h}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        return scrub();
    }

    /** Reads one sample, one blob at a time. */
    public Uni<Void> scrub() {
        return store.sample(clock.instant().minus(config.again()), config.sample())
                .flatMap(sample -> Multi.createFrom()
                        .iterable(sample)
                        .onItem()
                        .transformToUniAndConcatenate(blob -> scrub(blob)
                                .onFailure()
                                .invoke(failure -> metrics.scrubbed("unread"))
                                .onFailure()
                                .recoverWithNull())
                        .collect()
                        .last())
                .replaceWithVoid();
    }

    private Uni<Void> scrub(ScrubStore.Candidate blob) {
        return objects.sha256(blob.objectKey())
                .flatMap(actual -> actual.equals(Optional.of(blob.sha256())) ? verified(blob) : damaged(blob));
    }

    private Uni<Void> verified(ScrubStore.Candidate blob) {
        return store.verified(blob, clock.instant()).invoke(() -> metrics.scrubbed("verified"));
    }

    private Uni<Void> damaged(ScrubStore.Candidate blob) {
        return store.damaged(blob, clock.instant())
                .invoke(marked -> {
                    if (marked) {
                        metrics.scrubbed("damaged");
                        LOG.errorf("stored content is damaged account=%s blob=%s", blob.account(), blob.blob());
                    }
                })
                .replaceWithVoid();
    }
}
