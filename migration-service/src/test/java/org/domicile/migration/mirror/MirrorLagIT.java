package org.domicile.migration.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.peer.PeerServer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The mirror of another region's directory, which the test is. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class MirrorLagIT {
    private static final String DIRECTORY = "residency.directory";
    private static final String MIRRORED = Scene.THERE + "." + DIRECTORY;

    @Inject
    PeerServer listener;

    @Inject
    MirrorLag mirrors;

    @Inject
    MeterRegistry metrics;

    private PeerRegion peer;

    @BeforeEach
    void open() throws Exception {
        peer = new PeerRegion();
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
    }

    @Test
    void how_far_a_mirror_is_behind_the_region_that_it_copies_is_a_metric() throws Exception {
        var at = Instant.ofEpochMilli(Instant.now().toEpochMilli());
        mirrored(at);

        peer.answerNewest(new JsonObject().put(DIRECTORY, at.plusSeconds(90).toEpochMilli()));
        assertEquals(90, lag());

        mirrored(at.plusSeconds(90));
        assertEquals(0, lag());
    }

    @Test
    void a_region_that_lists_nothing_is_not_behind_and_one_that_was_never_mirrored_is() {
        peer.answerNewest(new JsonObject());
        assertEquals(0, lag());

        peer.answerNewest(new JsonObject().put("erasure.list", Instant.now().toEpochMilli()));
        assertTrue(lag() > 86_400, "nothing of it is here");
    }

    @Test
    void other_regions_are_told_how_new_the_own_records_are() throws Exception {
        var before = Instant.now();
        send(DIRECTORY, before.plusSeconds(1));

        var answer = peer.get(listener.port(), "/peer/v1/newest", Scene.THERE + ".migration");

        assertEquals(200, answer.status());
        assertTrue(new JsonObject(answer.body()).getLong(DIRECTORY) > before.toEpochMilli(), answer.body());
        assertEquals(
                403,
                peer.get(listener.port(), "/peer/v1/newest", Scene.THERE + ".backup")
                        .status());
    }

    private double lag() {
        mirrors.look().await().indefinitely();
        return metrics.get("domicile.mirror.lag").tag("of", Scene.THERE).gauge().value();
    }

    private static void mirrored(Instant at) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            if (!admin.listTopics().names().get().contains(MIRRORED)) {
                admin.createTopics(List.of(new NewTopic(MIRRORED, Optional.of(2), Optional.empty())))
                        .all()
                        .get();
            }
        }
        send(MIRRORED, at);
    }

    /** A key that is deleted from the topic: nobody has to do anything for it. */
    private static void send(String topic, Instant at) throws ExecutionException, InterruptedException {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(
                            topic, null, at.toEpochMilli(), AccountId.create().toString(), (String) null))
                    .get();
        }
    }

    private static String bootstrap() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }
}
