package org.domicile.platform.verify;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.domicile.platform.account.AccountId;

/**
 * Reads compacted topics from their beginning to their end, to see what the last record of an account is: none or a null value means
 * that compaction leaves nothing. One reading serves every account that waits for one, however many are purged at once.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
public class CompactedTopics {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofMillis(200);
    /** Readings that a null value, which the outbox has still to send, is given. */
    private static final int READINGS = 25;

    private final Map<String, Object> kafka;
    private final int readings;
    private final ConcurrentLinkedQueue<Question> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean reading = new AtomicBoolean();

    @Inject
    public CompactedTopics(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this(kafka, READINGS);
    }

    CompactedTopics(Map<String, Object> kafka, int readings) {
        this.kafka = kafka;
        this.readings = readings;
    }

    CompactedTopics() {
        this(Map.of(), READINGS);
    }

    private record Question(
            String key, Set<String> topics, int readings, CompletableFuture<SortedMap<String, Long>> answer) {
        Question again() {
            return new Question(key, topics, readings + 1, answer);
        }
    }

    /** @return topic → 1 if its last record of the account has a value even after some readings, else 0 */
    public Uni<SortedMap<String, Long>> left(AccountId account, List<String> topics) {
        if (topics.isEmpty()) {
            return Uni.createFrom().item(new TreeMap<>());
        }
        return Uni.createFrom().deferred(() -> {
            var context = Vertx.currentContext();
            var question = new Question(account.toString(), Set.copyOf(topics), 1, new CompletableFuture<>());
            waiting.add(question);
            wake();
            var answer = Uni.createFrom().completionStage(question.answer());
            return context == null ? answer : answer.emitOn(work -> context.runOnContext(now -> work.run()));
        });
    }

    private void wake() {
        if (!waiting.isEmpty() && reading.compareAndSet(false, true)) {
            Infrastructure.getDefaultExecutor().execute(() -> {
                try {
                    while (!waiting.isEmpty()) {
                        answerAll();
                    }
                } finally {
                    reading.set(false);
                }
                wake();
            });
        }
    }

    private void answerAll() {
        var questions = new ArrayList<Question>();
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            questions.add(next);
        }
        try {
            var valued = valued(questions);
            var unanswered = questions.stream()
                    .filter(question -> !answered(question, valued))
                    .map(Question::again)
                    .toList();
            if (!unanswered.isEmpty()) {
                LockSupport.parkNanos(PAUSE.toNanos());
                waiting.addAll(unanswered);
            }
        } catch (RuntimeException e) {
            questions.forEach(question -> question.answer().completeExceptionally(e));
        }
    }

    private boolean answered(Question question, Map<String, Set<String>> valued) {
        var left = new TreeMap<String, Long>();
        question.topics().forEach(topic -> left.put(topic, valued.get(topic).contains(question.key()) ? 1L : 0L));
        return (!left.containsValue(1L) || question.readings() >= readings)
                && question.answer().complete(left);
    }

    /** Topic → the keys asked for whose last record there has a value. */
    private Map<String, Set<String>> valued(List<Question> questions) {
        var keys = new HashSet<String>();
        var valued = new HashMap<String, Set<String>>();
        questions.forEach(question -> {
            keys.add(question.key());
            question.topics().forEach(topic -> valued.put(topic, new HashSet<>()));
        });
        try (var consumer = consumer()) {
            var partitions = valued.keySet().stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (var record : consumer.poll(POLL)) {
                    if (keys.contains(record.key())) {
                        var of = valued.get(record.topic());
                        if (record.value() == null) {
                            of.remove(record.key());
                        } else {
                            of.add(record.key());
                        }
                    }
                }
            }
        }
        return valued;
    }

    private KafkaConsumer<String, byte[]> consumer() {
        var config = new HashMap<>(kafka);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
