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
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
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
    private final Map<String, Measure> measures = new LinkedHashMap<>();

    private record Measure(Look look, Look.Finding age, Look.Finding overdue) {}

    @Inject
    public RetentionJob(
            @All List<RetentionTable> tables,
            RetentionStore store,
            RetentionConfig config,
            Looks looks,
            MeterRegistry metrics) {
        this.classes = tables.stream().flatMap(t -> t.classes().stream()).toList();
        this.store = store;
        classes.forEach(c -> c.term().ifPresent(term -> {
            measures.put(c.name(), measure(looks.of("retention of " + c.name(), config.every()), c));
            Gauge.builder("domicile.retention.limit", () -> term.limit().toSeconds())
                    .tag("class", c.name())
                    .baseUnit("seconds")
                    .description("The longest that an item of a class of data may stay")
                    .register(metrics);
        }));
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
                .invoke(oldest -> set(measures.get(of.name()), oldest, now))
                .onFailure()
                .invoke(f -> LOG.warnf("retention not measured kind=%s reason=%s", of.name(), f))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private static void set(Measure measure, Oldest oldest, Instant now) {
        measure.age().set(passed(oldest.since(), now));
        measure.overdue().set(passed(oldest.due(), now));
        measure.look().succeeded();
    }

    private static long passed(Instant since, Instant now) {
        return since == null ? 0 : Math.max(0, Duration.between(since, now).toSeconds());
    }

    private static Measure measure(Look look, RetentionClass of) {
        return new Measure(
                look,
                look.finding(
                        "domicile.retention.oldest.item.age",
                        "seconds",
                        "Age of the oldest item of a class of data",
                        "class",
                        of.name()),
                look.finding(
                        "domicile.retention.overdue",
                        "seconds",
                        "How long ago the first item that is stored still should have gone",
                        "class",
                        of.name()));
    }
}
