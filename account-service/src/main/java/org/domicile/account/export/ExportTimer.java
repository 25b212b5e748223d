package org.domicile.account.export;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.jboss.logging.Logger;

/**
 * Makes what is ordered, and measures how close the nearest deadline of the law is:
 * {@code domicile_export_deadline_seconds}. Runs on a worker thread, one archive at a time in each instance.
 */
@ApplicationScoped
public class ExportTimer {
    private static final Logger LOG = Logger.getLogger(ExportTimer.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration DATABASE = Duration.ofSeconds(30);
    private static final long NOTHING_OPEN = Duration.ofDays(365).toSeconds();

    private final ExportStore store;
    private final ExportMaker maker;
    private final Clock clock;
    private final Look look;
    private final Look.Finding nearest;

    @Inject
    public ExportTimer(ExportStore store, ExportMaker maker, ExportConfig config, Clock clock, Looks looks) {
        this.store = store;
        this.maker = maker;
        this.clock = clock;
        this.look = looks.of("exports", config.look());
        this.nearest = look.finding(
                "domicile.export.deadline", "seconds", "Until the nearest deadline of an export; a year for none");
    }

    @Scheduled(every = "${domicile.export.look:5s}", concurrentExecution = ConcurrentExecution.SKIP)
    void look() {
        for (var job = claim(); job.isPresent(); job = claim()) {
            measure();
            make(job.get());
        }
        measure();
    }

    /** Between archives too: they may be many. */
    private void measure() {
        var deadline = store.nearestDeadline().await().atMost(DATABASE);
        nearest.set(
                deadline == null
                        ? NOTHING_OPEN
                        : Duration.between(clock.instant(), deadline).toSeconds());
        look.succeeded();
    }

    private Optional<ExportStore.Job> claim() {
        return store.claim(clock.instant(), ExportMaker.LEASE).await().atMost(DATABASE);
    }

    private void make(ExportStore.Job job) {
        try {
            maker.make(job);
            LOG.infof("archive ready account=%s export=%s attempt=%d", job.account(), job.id(), job.attempt());
        } catch (RuntimeException e) {
            LOG.warnf("archive not made yet account=%s export=%s reason=%s", job.account(), job.id(), e.toString());
            store.release(job, clock.instant().plus(PAUSE)).await().atMost(DATABASE);
        }
    }
}
