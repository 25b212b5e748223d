package org.domicile.account.retention;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.domicile.platform.retention.RetentionJob;

/** Runs the purges of this service. */
@ApplicationScoped
public class RetentionTimer {
    private final RetentionJob job;
    private final Clock clock;

    @Inject
    public RetentionTimer(RetentionJob job, Clock clock) {
        this.job = job;
        this.clock = clock;
    }

    @Scheduled(every = "${domicile.retention.every:60s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> run() {
        return job.run(clock.instant()).replaceWithVoid();
    }
}
