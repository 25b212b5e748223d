package org.domicile.platform.outbox;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import org.domicile.platform.event.CloudEvent;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.trace.TraceParent;

/** Events are written in the transaction that makes them true; {@link OutboxPublisher} sends them afterwards. */
@ApplicationScoped
public class Outbox {
    private final String source;
    private final Clock clock;

    @Inject
    public Outbox(ServiceIdentity identity, Clock clock) {
        this.source = "/" + identity.region() + "/" + identity.service();
        this.clock = clock;
    }

    Outbox() {
        this.source = null;
        this.clock = null;
    }

    /** Adds the event to the connection's open transaction. */
    public Uni<Void> add(SqlConnection connection, OutboxEvent event) {
        return add(connection, List.of(event));
    }

    /** Adds the events, to be sent in this order. */
    public Uni<Void> add(SqlConnection connection, List<OutboxEvent> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return connection
                .preparedQuery("insert into outbox (topic, key, value, trace) select topic, key, value, $4"
                        + " from unnest($1::text[], $2::text[], $3::text[]) with ordinality as e (topic, key, value, n)"
                        + " order by n")
                .execute(Tuple.of(
                        events.stream().map(OutboxEvent::topic).toArray(String[]::new),
                        events.stream().map(OutboxEvent::key).toArray(String[]::new),
                        events.stream().map(this::value).toArray(String[]::new),
                        TraceParent.current()))
                .replaceWithVoid();
    }

    private String value(OutboxEvent event) {
        return event.data() == null
                ? null
                : CloudEvent.of(source, event.type(), event.key(), clock.instant(), event.data())
                        .toJson();
    }
}
