package org.domicile.platform.retention;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.domicile.platform.retention.RetentionClass.Term;
import org.domicile.platform.retention.RetentionStore.Oldest;
import org.jboss.logging.Logger;

/**
 * Purges what is due of every class of data and then measures what is left, so that the metrics show what the purge did and not what
 * it meant to do: {@code domicile_retention_oldest_item_age_seconds} beside {@code domicile_retention_limit_seconds}, and
 * {@code domicile_retention_overdue_seconds}, which an alert watches. 0 where there is nothing.
 */
@ApplicationScoped
public class RetentionJob {
    private static final Logger LOG = Logger.getLogger(RetentionJob.class);

    private final List<RetentionClass> classes;
    private final RetentionStore store;
    private final Map<String, Gauges> gauges = new LinkedHashMap<>();

    private record Gauges(AtomicLong age, AtomicLong overdue) {}

    @Inject
    public RetentionJob(@All List<RetentionTable> tables, RetentionStore store, MeterRegistry metrics) {
        this.classes = tables.stream().flatMap(t -> t.classes().stream()).toList();
        this.store = store;
        classes.forEach(c -> c.term().ifPresent(term -> gauges.put(c.name(), register(metrics, c, term))));
    }

    /** All classes of data of this service. */
    public List<RetentionClass> classes() {
        return classes;
    }

    /** @return items purged, by class; one whose purge failed is absent and is tried again the next time */
    public Uni<Map<String, Long>> run(Instant now) {
        var purged = new LinkedHashMap<String, Long>();
        return Multi.createFrom()
                .iterable(classes)
                .filter(c -> c.term().isPresent())
                .onItem()
                .transformToUniAndConcatenate(c -> run(c, c.term().orElseThrow(), now)
                        .invoke(count -> {
                            if (count != null) {
                                purged.put(c.name(), count);
                            }
                        })
                        .replaceWith(c))
                .collect()
                .last()
                .replaceWith(purged);
    }

    /** What is stored, and what would go if the purge ran at that time. */
    Uni<List<Holding>> dryRun(Instant at) {
        return Multi.createFrom()
                .iterable(classes)
                .onItem()
                .transformToUniAndConcatenate(c -> store.holding(c, at))
                .collect()
                .asList();
    }

    private Uni<Long> run(RetentionClass of, Term term, Instant now) {
        return term.purge()
                .apply(now)
                .invoke(count -> {
                    if (count > 0) {
                        LOG.infof("retention over kind=%s count=%d", of.name(), count);
                    }
                })
                .onFailure()
                .invoke(f -> LOG.warnf("retention not enforced, will try again kind=%s reason=%s", of.name(), f))
                .onFailure()
                .recoverWithNull()
                .call(count -> measure(of, term, now));
    }

    private Uni<Void> measure(RetentionClass of, Term term, Instant now) {
        return store.oldest(of, term)
                .invoke(oldest -> set(gauges.get(of.name()), oldest, now))
                .onFailure()
                .invoke(f -> LOG.warnf("retention not measured kind=%s reason=%s", of.name(), f))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private static void set(Gauges gauges, Oldest oldest, Instant now) {
        gauges.age().set(passed(oldest.since(), now));
        gauges.overdue().set(passed(oldest.due(), now));
    }

    private static long passed(Instant since, Instant now) {
        return since == null ? 0 : Math.max(0, Duration.between(since, now).toSeconds());
    }

    private static Gauges register(MeterRegistry metrics, RetentionClass of, Term term) {
        var made = new Gauges(new AtomicLong(), new AtomicLong());
        Gauge.builder("domicile.retention.oldest.item.age.seconds", made.age(), AtomicLong::get)
                .tag("class", of.name())
                .description("Age of the oldest item of a class of data")
                .register(metrics);
        Gauge.builder("domicile.retention.overdue.seconds", made.overdue(), AtomicLong::get)
                .tag("class", of.name())
                .description("How long ago the first item that is stored still should have gone")
                .register(metrics);
        Gauge.builder("domicile.retention.limit.seconds", () -> term.limit().toSeconds())
                .tag("class", of.name())
                .description("The longest that an item of a class of data may stay")
                .register(metrics);
        return made;
    }
}
