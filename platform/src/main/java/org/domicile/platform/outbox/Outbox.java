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

/** Events are written in the transaction that makes them true; {@link OutboxPublisher} sends them afterwards. */
@ApplicationScoped
public class Outbox {
    private static final String ADD = "insert into outbox (topic, key, value) values ($1, $2, $3)";

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
        return connection.preparedQuery(ADD).execute(row(event)).replaceWithVoid();
    }

    /** The same for several, in one round trip. */
    public Uni<Void> addAll(SqlConnection connection, List<OutboxEvent> events) {
        return events.isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery(ADD)
                        .executeBatch(events.stream().map(this::row).toList())
                        .replaceWithVoid();
    }

    private Tuple row(OutboxEvent event) {
        var value = event.data() == null
                ? null
                : CloudEvent.of(source, event.type(), event.key(), clock.instant(), event.data())
                        .toJson();
        return Tuple.of(event.topic(), event.key(), value);
    }
}
