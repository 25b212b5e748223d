package org.domicile.migration.restore;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.migration.erasure.ErasureConsumer;
import org.domicile.migration.transparency.LogWriter;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.restore.TopicReader;
import org.jboss.logging.Logger;

/**
 * Brings a restored or promoted directory up to date before any account moves (migration.md rule 14). The signed directory, which Kafka
 * keeps in every region, says which accounts have left; an account is never handed over, nor a participant thawed, by what only the
 * backup knows. Every epoch is raised above those that were given out since. Moves that had not cut over rest until their target was
 * asked; every other region is asked what went to and fro since, see {@link RestoredPeers}.
 */
@ApplicationScoped
class Restoration {
    private static final Logger LOG = Logger.getLogger(Restoration.class);
    private static final Pattern ERASURE_LISTS = Pattern.compile("(.+\\.)?erasure\\.list");
    private static final Pattern DIRECTORIES = Pattern.compile("(.+\\.)?residency\\.directory");

    private final RestoredStore store;
    private final Residencies residencies;
    private final ErasureConsumer erasures;
    private final LogWriter log;
    private final Map<String, Object> kafka;

    @Inject
    Restoration(
            RestoredStore store,
            Residencies residencies,
            ErasureConsumer erasures,
            LogWriter log,
            @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.store = store;
        this.residencies = residencies;
        this.erasures = erasures;
        this.log = log;
        this.kafka = kafka;
    }

    /** Before consumers, routes and timers. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        if (store.restored().await().indefinitely()) {
            LOG.warn("the database was restored: no account moves until it is reconciled");
            reconcile();
        }
    }

    /** May be broken off and done again. */
    private void reconcile() {
        store.begin().await().indefinitely();
        log.doubt().await().indefinitely();
        try (var reader = new TopicReader(kafka)) {
            reader.readAll(
                    DIRECTORIES,
                    row -> take(row, event -> residencies.learn(event.data().getString("jws"))));
            var left = store.depart().await().indefinitely();
            reader.readAll(ERASURE_LISTS, row -> take(row, erasures::restored));
            store.reconciled().await().indefinitely();
            LOG.warnf("the restored database is reconciled rows=%d", left);
        }
    }

    /** What cannot be believed says nothing. */
    private static void take(ConsumerRecord<String, String> row, Function<CloudEvent, Uni<Void>> handler) {
        if (row.value() == null) {
            return;
        }
        try {
            handler.apply(CloudEvent.parse(row.value())).await().indefinitely();
        } catch (IllegalArgumentException | InvalidSignature e) {
            LOG.warnf("not believed topic=%s offset=%d reason=%s", row.topic(), row.offset(), e.toString());
        }
    }
}
