package org.domicile.backup.scrub;

import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import org.domicile.backup.metrics.BackupMetrics;
import org.jboss.logging.Logger;

/**
 * Reads a sample of what is stored, whole, and compares its hash: bytes that rot are found before somebody needs them. Damage is
 * reported, never served, and ends when a client sends the content again.
 */
@ApplicationScoped
public class Scrubber {
    private static final Logger LOG = Logger.getLogger(Scrubber.class);

    private final ScrubStore store;
    private final List<Scrubbed> kinds;
    private final ScrubConfig config;
    private final BackupMetrics metrics;
    private final Clock clock;

    @Inject
    public Scrubber(
            ScrubStore store, @All List<Scrubbed> kinds, ScrubConfig config, BackupMetrics metrics, Clock clock) {
        this.store = store;
        this.kinds = List.copyOf(kinds);
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

    /** Reads one sample of blobs and one of files, one at a time. */
    public Uni<Void> scrub() {
        return Multi.createFrom()
                .iterable(kinds)
                .onItem()
                .transformToUniAndConcatenate(
                        kind -> store.sample(kind, clock.instant().minus(config.again()), config.sample()))
                .onItem()
                .transformToMultiAndConcatenate(sample -> Multi.createFrom().iterable(sample))
                .onItem()
                .transformToUniAndConcatenate(read -> scrub(read)
                        .onFailure()
                        .invoke(failure -> metrics.scrubbed("unread"))
                        .onFailure()
                        .recoverWithNull())
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> scrub(ScrubStore.Candidate read) {
        return read.of().isGood(read.account(), read.row()).flatMap(good -> good ? verified(read) : damaged(read));
    }

    private Uni<Void> verified(ScrubStore.Candidate read) {
        return store.verified(read, clock.instant()).invoke(() -> metrics.scrubbed("verified"));
    }

    private Uni<Void> damaged(ScrubStore.Candidate read) {
        return store.damaged(read, clock.instant())
                .invoke(marked -> {
                    if (marked) {
                        metrics.scrubbed("damaged");
                        LOG.errorf("stored content is damaged account=%s id=%s", read.account(), read.id());
                    }
                })
                .replaceWithVoid();
    }
}
