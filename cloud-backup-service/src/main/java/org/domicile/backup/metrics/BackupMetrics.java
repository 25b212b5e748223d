package org.domicile.backup.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What proves that nothing is kept for longer than it should be, and that what is kept is good. Never by account. Counted from the start:
 * what appears with its first event has not risen, and no alert would see it.
 */
@Startup
@ApplicationScoped
public class BackupMetrics {
    private final MeterRegistry registry;
    private final Counter purgeAlarms;
    private final Counter orphansDeleted;
    private final AtomicLong orphans = new AtomicLong();

    @Inject
    public BackupMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.purgeAlarms = Counter.builder("domicile.backup.purge.alarms")
                .description("Purges after which the store still listed objects")
                .register(registry);
        this.orphansDeleted = Counter.builder("domicile.backup.orphans.deleted")
                .description("Uploads past their clock, and objects that no row named, that the sweep deleted")
                .register(registry);
        registry.gauge("domicile.backup.orphans", orphans);
    }

    BackupMetrics() {
        this.registry = null;
        this.purgeAlarms = null;
        this.orphansDeleted = null;
    }

    public void purgeAlarm() {
        purgeAlarms.increment();
    }

    /** @param found by the sweep that has just ended, which deleted them */
    public void orphans(long found) {
        orphans.set(found);
        orphansDeleted.increment(found);
    }

    /** @param uploads past their clock */
    public void leftoversDeleted(long uploads) {
        orphansDeleted.increment(uploads);
    }

    /** @param result {@code verified}, {@code damaged} or {@code unread} */
    public void scrubbed(String result) {
        registry.counter("domicile.backup.scrub", "result", result).increment();
    }
}
