package org.domicile.platform.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.domicile.platform.note.NoteProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each assignment is that of another process on the same database. */
@QuarkusTest
@TestProfile(NoteProfile.class)
class FromTheBeginningIT {
    private static final DatabaseIdentity DATABASE = new DatabaseIdentity("fence");
    private static final TopicPartition ONE = new TopicPartition("things", 1);
    private static final TopicPartition OTHER = new TopicPartition("things", 2);

    @Inject
    Pool pool;

    @AfterEach
    void as_if_it_had_never_been_restored() {
        pool.query("delete from restored_data").executeAndAwait();
        pool.query("delete from read_anew").executeAndAwait();
    }

    @Test
    void a_partition_is_taken_anew_once_after_a_restore_whichever_process_does() {
        assertEquals(7, assigned(ONE), "no restore, no beginning");

        restored();

        assertEquals(0, assigned(ONE));
        assertEquals(7, assigned(ONE), "it goes on from where it is");
        assertEquals(0, assigned(OTHER), "which another process has had until now");

        restored();

        assertEquals(0, assigned(ONE));
    }

    @Test
    void a_process_that_dies_before_kafka_knows_leaves_it_to_the_next() {
        restored();
        var dying = new MockConsumer<String, String>("earliest") {
            @Override
            public void commitSync(Map<TopicPartition, OffsetAndMetadata> positions) {
                throw new IllegalStateException("dies");
            }
        };
        dying.assign(List.of(ONE));
        dying.updateBeginningOffsets(Map.of(ONE, 0L));
        var listener = new FromTheBeginning(pool);
        assertThrows(IllegalStateException.class, () -> listener.onPartitionsAssigned(dying, List.of(ONE)));

        assertEquals(0, assigned(ONE));
    }

    private void restored() {
        pool.withTransaction(DATABASE::remember).await().indefinitely();
    }

    /** @return where the consumer goes on, as Kafka was told too */
    private long assigned(TopicPartition partition) {
        var consumer = new MockConsumer<String, String>("earliest");
        consumer.assign(List.of(partition));
        consumer.updateBeginningOffsets(Map.of(partition, 0L));
        consumer.seek(partition, 7);
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(7)));
        new FromTheBeginning(pool).onPartitionsAssigned(consumer, List.of(partition));
        var position = consumer.position(partition);
        assertEquals(
                position, consumer.committed(Set.of(partition)).get(partition).offset());
        return position;
    }
}
