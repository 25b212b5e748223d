package org.domicile.platform.event;

import io.opentelemetry.api.common.Attributes;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.domicile.platform.trace.TraceFields;
import org.domicile.platform.trace.TraceParent;
import org.domicile.platform.trace.Traces;
import org.domicile.platform.trace.Work;
import org.jboss.logging.Logger;

/**
 * How every consumer treats a record: one that is malformed, badly signed or cannot be stored fails and goes to the dead letters; any other failure is
 * retried until it passes, so that nothing is skipped because a database was away. Handlers are idempotent.
 */
public final class Consumption {
    private static final Logger LOG = Logger.getLogger(Consumption.class);

    private Consumption() {}

    public static Uni<Void> of(ConsumerRecord<String, String> record, Function<CloudEvent, Uni<Void>> handler) {
        if (record.value() == null) {
            return Uni.createFrom().voidItem();
        }
        return Traces.within(
                trace(record),
                Work.CONSUME,
                record.topic(),
                Attributes.of(TraceFields.KEY, record.key()),
                () -> handled(record, handler));
    }

    private static Uni<Void> handled(ConsumerRecord<String, String> record, Function<CloudEvent, Uni<Void>> handler) {
        return Uni.createFrom()
                .deferred(() -> handler.apply(CloudEvent.parse(record.value())))
                .onFailure(f -> !poisonous(f))
                .invoke(f -> LOG.warnf(
                        "event not handled yet, will retry topic=%s partition=%d offset=%d reason=%s",
                        record.topic(), record.partition(), record.offset(), f))
                .onFailure(f -> !poisonous(f))
                .retry()
                .withBackOff(Duration.ofMillis(100), Duration.ofSeconds(5))
                .indefinitely()
                .onFailure()
                .invoke(DeadLetters::count);
    }

    private static String trace(ConsumerRecord<String, String> record) {
        var header = record.headers().lastHeader(TraceParent.HEADER);
        return header == null ? null : new String(header.value(), StandardCharsets.US_ASCII);
    }

    private static boolean poisonous(Throwable failure) {
        return switch (failure) {
            case IllegalArgumentException e -> true;
            case InvalidSignature e -> true;
            case NullPointerException e -> true;
            case ClassCastException e -> true;
            case DateTimeException e -> true;
            // 22 data exception, 23 integrity constraint violation (PostgreSQL, appendix A): the record will never fit
            case PgException e -> e.getSqlState() != null && e.getSqlState().matches("2[23].*");
            default -> false;
        };
    }
}
