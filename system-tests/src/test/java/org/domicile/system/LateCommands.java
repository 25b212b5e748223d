package org.domicile.system;

import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.domicile.local.StackDescription;

/**
 * Kafka at its worst: commands of an account that were sent before, as they were signed, come again, late and in another order, to the
 * participants that run. The seed makes the order.
 */
final class LateCommands implements AutoCloseable {
    private static final String COMMANDS = "residency.commands";
    private static final List<String> PARTICIPANTS = List.of("account", "backup", "messaging", "shop");
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String account;
    private final Random order;
    private final Map<String, Region> regions = new TreeMap<>();
    private final Thread thread = Thread.ofPlatform().name("late-commands").unstarted(this::keepSending);
    private volatile boolean stopped;
    private volatile RuntimeException failure;

    LateCommands(StackDescription description, UUID account, long seed) throws IOException {
        this.account = account.toString();
        this.order = new Random(seed);
        for (var region : List.of(StartedStack.CN, StartedStack.SG)) {
            regions.put(region, new Region(description.regions().get(region)));
        }
    }

    /** A command as it was sent, and where. */
    private record Sent(Region region, ConsumerRecord<String, String> command) {}

    /** From now on, until {@link #stop}, all that was ordered so far comes again and again. */
    void start() {
        thread.start();
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
        if (failure != null) {
            throw failure;
        }
    }

    private void keepSending() {
        try {
            while (!stopped) {
                sendAgain(1);
                Thread.sleep(PACE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Everything that was ever ordered for the account, so many times, in one random order. @return how many commands there were */
    int sendAgain(int times) {
        var known = new ArrayList<Sent>();
        for (var region : regions.values()) {
            region.known().forEach(command -> known.add(new Sent(region, command)));
        }
        var all = new ArrayList<Sent>();
        for (int time = 0; time < times; time++) {
            all.addAll(known);
        }
        Collections.shuffle(all, order);
        all.forEach(sent -> sent.region().send(sent.command()));
        regions.values().forEach(region -> region.producer.flush());
        return known.size();
    }

    /** Waits until the participants, and migration-service, which hears their reports, have taken all of it. */
    void awaitTaken() throws InterruptedException, ExecutionException {
        for (var region : regions.values()) {
            for (var service : PARTICIPANTS) {
                region.awaitTaken(service + "." + COMMANDS.replace('.', '-'), COMMANDS);
            }
        }
        for (var region : regions.values()) {
            region.awaitTaken("migration.residency-acks", "residency.acks");
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
        regions.values().forEach(Region::close);
    }

    /** The topics of one region, for their administrator. */
    private final class Region {
        private final KafkaConsumer<String, String> consumer;
        private final KafkaProducer<String, String> producer;
        private final Admin admin;
        private final Map<String, ConsumerRecord<String, String>> known = new LinkedHashMap<>();

        Region(StackDescription.Region description) throws IOException {
            var config = new Properties();
            try (var file = new FileInputStream(description.kafkaClient())) {
                config.load(file);
            }
            config.put("bootstrap.servers", description.kafka());
            this.consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
            this.producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
            this.admin = Admin.create(config);
            var partitions = consumer.partitionsFor(COMMANDS).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        /** Each command once, however often it came. */
        List<ConsumerRecord<String, String>> known() {
            var ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (var record : consumer.poll(LOOK)) {
                    if (account.equals(record.key())) {
                        known.putIfAbsent(record.value(), record);
                    }
                }
            }
            return List.copyOf(known.values());
        }

        void send(ConsumerRecord<String, String> command) {
            producer.send(new ProducerRecord<>(COMMANDS, null, command.key(), command.value(), command.headers()));
        }

        void awaitTaken(String group, String topic) throws InterruptedException, ExecutionException {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            var latest = new LinkedHashMap<TopicPartition, OffsetSpec>();
            partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
            var ends = admin.listOffsets(latest).all().get();
            var until = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                var taken = admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get();
                var behind = ends.entrySet().stream()
                        .filter(end -> end.getValue().offset() > 0)
                        .filter(end -> taken.get(end.getKey()) == null
                                || taken.get(end.getKey()).offset()
                                        < end.getValue().offset())
                        .toList();
                if (behind.isEmpty()) {
                    return;
                }
                if (System.nanoTime() > until) {
                    throw new AssertionError(group + " has not taken " + behind + ", only " + taken);
                }
                Thread.sleep(LOOK);
            }
        }

        void close() {
            consumer.close();
            producer.close();
            admin.close();
        }
    }
}
