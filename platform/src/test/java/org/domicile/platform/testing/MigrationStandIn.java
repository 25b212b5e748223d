package org.domicile.platform.testing;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureEntry;
import org.domicile.platform.erasure.ErasureEntry.State;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Topics;

/** The hand of the region's migration-service: its key signs what it publishes in an erasure. */
public final class MigrationStandIn {
    private MigrationStandIn() {}

    /** Puts an entry on the erasure list. */
    public static void lists(AccountId account, UUID erasure, State state, long epoch) {
        var now = Instant.now();
        var entry = new ErasureEntry(
                ErasureEntry.key(account), erasure, state, TestRegions.CN, epoch, now, now.plusSeconds(86_400), now);
        var event = CloudEvent.of(
                "/cn-north/migration",
                Topics.ERASURE_V1,
                entry.account(),
                now,
                new JsonObject().put("jws", TestRegions.sign(TestRegions.CN, entry.toJson())));
        publish(Topics.ERASURE_LIST, entry.account(), event);
    }

    /** Says that an erasure may not begin yet. */
    public static void delays(AccountId account, UUID erasure, Instant at) {
        var data = new JsonObject()
                .put("accountId", account.toString())
                .put("erasureId", erasure.toString())
                .put("at", at.toString());
        publish(
                Topics.MIGRATION_EVENTS,
                account.toString(),
                CloudEvent.of("/cn-north/migration", Topics.ERASURE_DELAYED, account.toString(), at, data));
    }

    private static void publish(String topic, String key, CloudEvent event) {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", TestParts.kafka()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, key, event.toJson())).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
