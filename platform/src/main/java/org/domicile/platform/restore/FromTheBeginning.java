package org.domicile.platform.restore;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * A restored database is behind the consumer groups, whose positions Kafka keeps: once {@link DatabaseIdentity} has remembered where the
 * data are now, every channel takes each partition again from its beginning, once. The database knows which have been: a process that dies
 * before it has begun loses nothing. Handlers are idempotent.
 */
@ApplicationScoped
@Identifier("from-the-beginning")
public class FromTheBeginning implements KafkaConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(FromTheBeginning.class);

    private final Pool pool;

    @Inject
    public FromTheBeginning(Pool pool) {
        this.pool = pool;
    }

    /** On the consumer's own thread, which may wait. */
    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        var group = consumer.groupMetadata().groupId();
        var names = partitions.stream().collect(Collectors.toMap(Function.identity(), p -> group + " " + p));
        var behind = behind(names.values()).await().indefinitely();
        var anew = partitions.stream()
                .filter(partition -> behind.contains(names.get(partition)))
                .toList();
        if (anew.isEmpty()) {
            return;
        }
        consumer.seekToBeginning(anew);
        consumer.commitSync(anew.stream().collect(Collectors.toMap(Function.identity(), p -> beginning(consumer, p))));
        begun(behind).await().indefinitely();
    }

    private static OffsetAndMetadata beginning(Consumer<?, ?> consumer, TopicPartition partition) {
        return new OffsetAndMetadata(consumer.position(partition));
    }

    /** Those of the consumers that have not begun anew since the last restore; a database that is away is asked at the next assignment. */
    private Uni<Set<String>> behind(Collection<String> consumers) {
        return pool.preparedQuery("select name from restored_data, unnest($1::text[]) name where not exists"
                        + " (select from read_anew where consumer = name)")
                .execute(Tuple.tuple().addValue(consumers.toArray(String[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString("name"))
                        .collect(Collectors.toSet()))
                .onFailure()
                .invoke(f -> LOG.warnf("not known whether topics are to be taken anew reason=%s", f.toString()))
                .onFailure()
                .recoverWithItem(Set.of());
    }

    private Uni<Void> begun(Set<String> consumers) {
        return pool.preparedQuery("insert into read_anew (consumer) select unnest($1::text[]) on conflict do nothing")
                .execute(Tuple.tuple().addValue(consumers.toArray(String[]::new)))
                .replaceWithVoid();
    }
}
