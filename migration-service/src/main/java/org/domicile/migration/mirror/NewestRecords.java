package org.domicile.migration.mirror;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.domicile.platform.event.Topics;

/** When the newest record of a topic was written, which a mirror keeps. */
@ApplicationScoped
class NewestRecords {
    /** What each region mirrors of the others. */
    static final Set<String> MIRRORED = Set.of(Topics.RESIDENCY_DIRECTORY, Topics.ERASURE_LIST);

    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final Map<String, Object> kafka;
    private Admin admin;

    @Inject
    NewestRecords(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.keySet().retainAll(AdminClientConfig.configNames());
    }

    void stop(@Observes ShutdownEvent event) {
        close();
    }

    /** Of each topic that has a record. */
    Uni<Map<String, Instant>> of(Set<String> topics) {
        return Uni.createFrom().item(() -> newest(topics)).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private Map<String, Instant> newest(Set<String> topics) {
        try {
            var asked = new HashMap<TopicPartition, OffsetSpec>();
            admin().describeTopics(present(topics)).allTopicNames().get().forEach((topic, description) -> description
                    .partitions()
                    .forEach(p -> asked.put(new TopicPartition(topic, p.partition()), OffsetSpec.maxTimestamp())));
            var newest = new HashMap<String, Instant>();
            admin().listOffsets(asked).all().get().forEach((partition, found) -> {
                if (found.timestamp() >= 0) {
                    newest.merge(
                            partition.topic(), Instant.ofEpochMilli(found.timestamp()), (a, b) -> a.isAfter(b) ? a : b);
                }
            });
            return newest;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Set<String> present(Set<String> topics) throws ExecutionException, InterruptedException {
        var present = new HashSet<>(admin().listTopics().names().get());
        present.retainAll(topics);
        return present;
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(kafka);
        }
        return admin;
    }

    private synchronized void close() {
        if (admin != null) {
            admin.close(CLOSING);
        }
    }
}
