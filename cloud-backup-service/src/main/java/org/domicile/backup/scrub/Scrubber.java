package org.domicile.backup.scrub;

import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.domicile.backup.metrics.BackupMetrics;
import org.domicile.backup.turn.Turns;
import org.jboss.logging.Logger;

/**
 * Reads a sample of what is stored, whole, and compares its hash: bytes that rot are found before somebody needs them. Damage is
 * reported, never served, and ends when a client sends the content again.
 */
@ApplicationScoped
public class Scrubber {
    private static final int BATCH = 500;
    private static final Logger LOG = Logger.getLogger(Scrubber.class);

    private final ScrubStore store;
    private final List<Scrubbed> kinds;
    private final ScrubConfig config;
    private final Turns turns;
    private final BackupMetrics metrics;
    private final Clock clock;

    @Inject
    public Scrubber(
            ScrubStore store,
            @All List<Scrubbed> kinds,
            ScrubConfig config,
            Turns turns,
            BackupMetrics metrics,
            Clock clock) {
        this.store = store;
        this.kinds = List.copyOf(kinds);
        this.config = config;
        this.turns = turns;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Scheduled(
            every = "${domicile.backup.scrub.every:1h}",
            delayed = "${domicile.backup.scrub.every:1h}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> scheduled() {
        // a look that comes a little early is not left out
        return turns.take("scrub", config.every().multipliedBy(9).dividedBy(10), turn -> scrub())
                .replaceWithVoid();
    }

    /** Reads one sample of blobs and one of files, one at a time. */
    public Uni<Void> scrub() {
        return Multi.createFrom()
                .iterable(kinds)
                .onItem()
                .transformToUniAndConcatenate(
                        kind -> store.count(kind).flatMap(rows -> scrub(kind, config.sampleOf(rows))))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Some at a time; a batch of which nothing could be read is the last. */
    private Uni<Void> scrub(Scrubbed kind, long left) {
        var batch = (int) Math.min(left, BATCH);
        return batch == 0
                ? Uni.createFrom().voidItem()
                : store.sample(kind, clock.instant().minus(config.again()), batch)
                        .flatMap(this::scrub)
                        .flatMap(read -> read == 0 ? Uni.createFrom().voidItem() : scrub(kind, left - batch));
    }

    /** @return how many could be read */
    private Uni<Long> scrub(List<ScrubStore.Candidate> batch) {
        return Multi.createFrom()
                .iterable(batch)
                .onItem()
                .transformToUniAndConcatenate(candidate -> scrub(candidate)
                        .replaceWith(1L)
                        .onFailure()
                        .invoke(failure -> metrics.scrubbed("unread"))
                        .onFailure()
                        .recoverWithItem(0L))
                .collect()
                .with(Collectors.summingLong(Long::longValue));
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
