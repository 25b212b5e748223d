package org.domicile.platform.outbox;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.domicile.platform.trace.TraceParent;
import org.jboss.logging.Logger;

/**
 * Sends what the outbox holds, in order, at least once: rows are deleted in the transaction that saw Kafka acknowledge them. One
 * publisher per database at a time (an advisory lock), so events of one account never overtake each other. Woken by
 * {@code NOTIFY}; looks by itself every second in case a wake-up was lost.
 */
@ApplicationScoped
public class OutboxPublisher {
    private static final Logger LOG = Logger.getLogger(OutboxPublisher.class);
    static final long LOCK = 0x6f7574626f78L; // "outbox"
    private static final int BATCH = 500;
    private static final long LOOK_MILLIS = 1_000;

    private final Pool pool;
    private final Vertx vertx;
    private final Map<String, Object> kafka;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private volatile boolean stopped;
    private volatile boolean listening;
    private KafkaProducer<String, String> producer;

    @Inject
    public OutboxPublisher(Pool pool, Vertx vertx, @Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.pool = pool;
        this.vertx = vertx;
        this.kafka = kafka;
    }

    void start(@Observes StartupEvent event) {
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        config.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        // a transaction is open meanwhile, and it is tried again anyway
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "20000");
        producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
        listen();
        vertx.setPeriodic(LOOK_MILLIS, id -> wake());
        wake();
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
        producer.close(Duration.ofSeconds(2));
    }

    private void listen() {
        if (stopped || listening) {
            return;
        }
        listening = true;
        pool.getConnection()
                .flatMap(c -> {
                    var pg = PgConnection.cast(c);
                    pg.notificationHandler(n -> wake());
                    c.closeHandler(() -> relisten());
                    return c.query("listen outbox").execute().onFailure().call(c::close);
                })
                .subscribe()
                .with(ok -> wake(), failure -> relisten());
    }

    private void relisten() {
        listening = false;
        if (!stopped) {
            vertx.setTimer(LOOK_MILLIS, id -> listen());
        }
    }

    private void wake() {
        if (stopped) {
            return;
        }
        if (!busy.compareAndSet(false, true)) {
            again.set(true);
            if (busy.get() || !busy.compareAndSet(false, true)) {
                return; // who is busy looks at "again" after it has rested
            }
        }
        again.set(false);
        publishBatch().subscribe().with(sent -> rest(sent == BATCH), failure -> {
            LOG.warnf("outbox not published, will try again reason=%s", failure.toString());
            rest(false);
        });
    }

    private void rest(boolean more) {
        busy.set(false);
        if (more || again.get()) {
            wake();
        }
    }

    private Uni<Integer> publishBatch() {
        return pool.withTransaction(c -> c.preparedQuery("select pg_try_advisory_xact_lock($1) as held")
                .execute(Tuple.of(LOCK))
                .map(rows -> rows.iterator().next().getBoolean("held"))
                .flatMap(held -> held ? sendAndDelete(c) : Uni.createFrom().item(0)));
    }

    private Uni<Integer> sendAndDelete(SqlConnection connection) {
        return connection
                .preparedQuery("select id, topic, key, value, trace from outbox order by id limit $1")
                .execute(Tuple.of(BATCH))
                .flatMap(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom().item(0);
                    }
                    var ids = StreamSupport.stream(rows.spliterator(), false)
                            .map(r -> r.getLong("id"))
                            .toArray(Long[]::new);
                    return send(rows)
                            .flatMap(all -> connection
                                    .preparedQuery("delete from outbox where id = any($1)")
                                    .execute(Tuple.of(ids)))
                            .replaceWith(rows.size());
                });
    }

    /** On a worker thread: {@code send} blocks while the broker is away. Stops at the first failure, so that order is kept. */
    private Uni<Void> send(RowSet<Row> rows) {
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    var open = new AtomicInteger(rows.size());
                    var failed = new AtomicBoolean();
                    for (var row : rows) {
                        if (failed.get()) {
                            return;
                        }
                        producer.send(record(row), (metadata, failure) -> {
                            if (failure != null) {
                                failed.set(true);
                                emitter.fail(failure);
                            } else if (open.decrementAndGet() == 0) {
                                emitter.complete(null);
                            }
                        });
                    }
                })
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .emitOn(vertxExecutor());
    }

    private static ProducerRecord<String, String> record(Row row) {
        var record = new ProducerRecord<>(row.getString("topic"), row.getString("key"), row.getString("value"));
        var trace = row.getString("trace");
        if (trace != null) {
            record.headers().add(TraceParent.HEADER, trace.getBytes(StandardCharsets.US_ASCII));
        }
        return record;
    }

    private Executor vertxExecutor() {
        var context = vertx.getOrCreateContext();
        return task -> context.runOnContext(v -> task.run());
    }
}
