package org.domicile.migration.wave;

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

/** Writes down every state that a wave enters, and tells it on {@code migration.events}, keyed by wave id. */
@ApplicationScoped
public class WaveJournal {
    private static final String EVENT = "org.domicile.migration.wave.%s.v1";

    private final WaveStore waves;
    private final Outbox outbox;
    private final Clock clock;

    @Inject
    public WaveJournal(WaveStore waves, Outbox outbox, Clock clock) {
        this.waves = waves;
        this.outbox = outbox;
        this.clock = clock;
    }

    public Uni<Void> entered(SqlConnection connection, Wave wave) {
        var data = new JsonObject()
                .put("waveId", wave.id().toString())
                .put("state", wave.state().name())
                .put("reason", wave.reason());
        var type = EVENT.formatted(wave.state().name().toLowerCase(Locale.ROOT));
        return waves.addStep(connection, wave, clock.instant())
                .chain(() -> outbox.add(connection, new OutboxEvent(Topics.MIGRATION_EVENTS, wave.id(), type, data)));
    }
}
