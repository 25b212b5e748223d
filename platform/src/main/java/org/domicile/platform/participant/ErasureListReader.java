package org.domicile.platform.participant;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.domicile.platform.crypto.SignedDocument;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.domicile.platform.erasure.ErasureEntry;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.domicile.platform.region.Regions;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.restore.TopicReader;
import org.jboss.logging.Logger;

/**
 * Follows the erasure lists of all regions, from the position that this database (not the consumer group) has reached. A restored
 * database does not serve before it has read directory and lists to their ends: until then the start waits, with every row frozen.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class ErasureListReader {
    private static final Logger LOG = Logger.getLogger(ErasureListReader.class);
    private static final Pattern LISTS = Pattern.compile("(.+\\.)?erasure\\.list");
    private static final Pattern DIRECTORIES = Pattern.compile("(.+\\.)?residency\\.directory");
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 1_000;

    private final Pool pool;
    private final Regions regions;
    private final Residencies residencies;
    private final ErasureStore erasures;
    private final ErasureExecutor executor;
    private final Restoration restoration;
    private final Map<String, Object> kafka;
    private final Counter refused;
    private final Look look;
    private final Look.Finding held;
    private volatile TopicReader following;
    private volatile boolean stopped;

    @Inject
    ErasureListReader(
            Pool pool,
            Regions regions,
            Residencies residencies,
            ErasureStore erasures,
            ErasureExecutor executor,
            Restoration restoration,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            MeterRegistry metrics,
            Looks looks) {
        this.pool = pool;
        this.regions = regions;
        this.residencies = residencies;
        this.erasures = erasures;
        this.executor = executor;
        this.restoration = restoration;
        this.kafka = kafka;
        this.refused = metrics.counter("domicile.erasure.list.refused");
        this.look = looks.of("restored rows", LOOK_AGAIN);
        this.held = look.finding(
                "domicile.restored.rows.held", null, "Accounts of a restored database that had moved away since");
    }

    /** Before consumers and routes: a restored database must not be written, nor an erased account be read. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        if (restoration.freezeIfRestored().await().indefinitely()) {
            LOG.warn("the database was restored: every account is frozen until it is reconciled");
            reconcile();
            LOG.warnf("the restored database is reconciled held=%d", lookForHeld());
        }
        Thread.ofPlatform().name("erasure-list").daemon().start(this::follow);
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
        var reader = following;
        if (reader != null) {
            reader.wakeup();
        }
    }

    /** Directory first: it says whose signature on the list counts. */
    void reconcile() {
        try (var reader = new TopicReader(kafka)) {
            reader.readAll(DIRECTORIES, this::learn);
            var lists = reader.partitions(LISTS);
            reader.assign(lists, positions());
            reader.readToTheEnd(lists, this::take);
        }
        executor.look().flatMap(v -> restoration.thaw()).await().indefinitely();
    }

    private void follow() {
        while (!stopped) {
            try (var reader = new TopicReader(kafka)) {
                following = reader;
                while (!stopped) {
                    lookForHeld();
                    var lists = reader.partitions(LISTS);
                    reader.assign(lists, positions());
                    var until = System.nanoTime() + LOOK_AGAIN.toNanos();
                    while (!stopped && !lists.isEmpty() && System.nanoTime() < until) {
                        reader.read(this::take);
                    }
                    if (lists.isEmpty()) {
                        pause();
                    }
                }
            } catch (WakeupException e) {
                LOG.debug("the erasure list is no longer followed");
            } catch (RuntimeException e) {
                LOG.warnf("erasure list not read, will try again reason=%s", e.toString());
                pause();
            }
        }
    }

    private long lookForHeld() {
        var rows = restoration.held().await().indefinitely();
        held.set(rows);
        look.succeeded();
        return rows;
    }

    private void learn(ConsumerRecord<String, String> record) {
        try {
            residencies
                    .learn(CloudEvent.parse(record.value()).data().getString("jws"))
                    .await()
                    .indefinitely();
        } catch (IllegalArgumentException | InvalidSignature e) {
            LOG.warnf("directory row not believed topic=%s offset=%d", record.topic(), record.offset());
        }
    }

    /** Keeps the entry and the position in one transaction, then does what it says. */
    private void take(ConsumerRecord<String, String> record) {
        var partition = new TopicPartition(record.topic(), record.partition());
        var entry = entry(record);
        pool.withTransaction(c -> (entry == null ? Uni.createFrom().voidItem() : erasures.keep(c, entry))
                        .flatMap(v -> erasures.position(c, partition, record.offset() + 1)))
                .flatMap(v -> entry == null ? Uni.createFrom().voidItem() : executor.look())
                .await()
                .indefinitely();
    }

    /** @return null for a record that says nothing: expired, malformed, or not signed by the region that it names */
    private ErasureEntry entry(ConsumerRecord<String, String> record) {
        if (record.value() == null) {
            return null;
        }
        try {
            var jws = CloudEvent.parse(record.value()).data().getString("jws");
            var entry = ErasureEntry.of(regions.verify(jws));
            if (!entry.region().equals(SignedDocument.claimedKeyId(jws))) {
                throw new InvalidSignature("an entry of " + entry.region() + " is signed by another region");
            }
            return entry;
        } catch (RuntimeException e) {
            refused.increment();
            LOG.errorf(
                    "entry of the erasure list refused topic=%s partition=%d offset=%d reason=%s",
                    record.topic(), record.partition(), record.offset(), e.toString());
            return null;
        }
    }

    private Map<TopicPartition, Long> positions() {
        return erasures.positions().await().indefinitely();
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(
                Duration.ofMillis(PAUSE_MILLIS).toNanos());
    }
}
