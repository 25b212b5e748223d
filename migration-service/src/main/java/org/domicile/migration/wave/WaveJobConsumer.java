package org.domicile.migration.wave;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.migration.peer.WireFormat;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.event.Consumption;
import org.domicile.platform.event.Topics;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes the jobs of {@code migration.jobs}, whose subject is the wave's id: {@code org.domicile.migration.wave.create.v1} with a
 * {@link WaveSpec}, and {@code pause}, {@code resume}, {@code cancel} and
 * {@code rollback} without data. A job that is refused is answered on
 * {@code migration.events} with the problem.
 */
@ApplicationScoped
public class WaveJobConsumer {
    private static final Pattern TYPE = Pattern.compile("org\\.domicile\\.migration\\.wave\\.(\\w+)\\.v1");
    private static final String REFUSED = "org.domicile.migration.job.refused.v1";

    private final Pool pool;
    private final Waves waves;
    private final WireFormat wire;
    private final Outbox outbox;

    @Inject
    public WaveJobConsumer(Pool pool, Waves waves, WireFormat wire, Outbox outbox) {
        this.pool = pool;
        this.waves = waves;
        this.wire = wire;
        this.outbox = outbox;
    }

    @Incoming("migration-jobs")
    public Uni<Void> onJob(ConsumerRecord<String, String> record) {
        return Consumption.of(record, this::handle);
    }

    private Uni<Void> handle(CloudEvent job) {
        var type = TYPE.matcher(job.type());
        if (!type.matches()) {
            return Uni.createFrom().voidItem();
        }
        var wave = UUID.fromString(job.subject());
        return Uni.createFrom()
                .deferred(() -> type.group(1).equals("create")
                        ? waves.create(wave, wire.read(job.data(), WaveSpec.class), job.source())
                        : waves.order(wave, WaveOrder.valueOf(type.group(1).toUpperCase(java.util.Locale.ROOT))))
                .replaceWithVoid()
                .onFailure(WaveJobConsumer::callersMistake)
                .recoverWithUni(problem -> refuse(wave, job, (ProblemException) problem));
    }

    /** A server's trouble is retried; what the caller did wrong is answered. */
    private static boolean callersMistake(Throwable failure) {
        return failure instanceof ProblemException problem && problem.code().status() < ErrorCode.INTERNAL.status();
    }

    private Uni<Void> refuse(UUID wave, CloudEvent job, ProblemException problem) {
        var data = new JsonObject()
                .put("waveId", wave.toString())
                .put("jobId", job.id())
                .put("job", job.type())
                .put("type", problem.code().type())
                .put("detail", problem.problem().detail());
        return pool.withTransaction(
                connection -> outbox.add(connection, new OutboxEvent(Topics.MIGRATION_EVENTS, wave, REFUSED, data)));
    }
}
