package org.domicile.migration.move;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Locale;
import org.domicile.platform.event.Topics;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.domicile.platform.sql.Pipeline;

/** Writes down every state that a move enters, and tells it on {@code migration.events} (ids and states only). */
@ApplicationScoped
public class MoveJournal {
    private static final String EVENT = "org.domicile.migration.move.%s.v1";

    private final MoveStore moves;
    private final Outbox outbox;
    private final Clock clock;

    @Inject
    public MoveJournal(MoveStore moves, Outbox outbox, Clock clock) {
        this.moves = moves;
        this.outbox = outbox;
        this.clock = clock;
    }

    public Uni<Void> entered(SqlConnection connection, Move move, long epoch) {
        var step = new MoveStep(move.state(), clock.instant(), move.reason());
        return Pipeline.inOrder(
                moves.addStep(connection, move.account(), move.id(), step), outbox.add(connection, event(move, epoch)));
    }

    private static OutboxEvent event(Move move, long epoch) {
        var name = move.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new OutboxEvent(
                Topics.MIGRATION_EVENTS,
                move.account(),
                EVENT.formatted(name),
                new JsonObject()
                        .put("moveId", move.id().toString())
                        .put("accountId", move.account().toString())
                        .put("from", move.source())
                        .put("to", move.target())
                        .put("state", move.state().name())
                        .put("epoch", epoch));
    }
}
