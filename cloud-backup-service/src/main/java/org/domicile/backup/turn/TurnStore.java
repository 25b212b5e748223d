package org.domicile.backup.turn;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** The SQL of turns. */
@ApplicationScoped
public class TurnStore {
    private static final String HELD = " where work = $1 and holder = $2";

    private final Pool pool;

    @Inject
    public TurnStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * A turn that was taken.
     *
     * @param cursor where the turn before was left; null to begin at the beginning
     */
    record Taken(String cursor) {}

    /** @return empty while another turn is held, and where the last one was begun after the instant and done to its end */
    Uni<Optional<Taken>> take(String work, UUID holder, Instant now, Instant until, Instant begunBefore) {
        return pool.preparedQuery("insert into turns as t (work, holder, held_until, begun_at) values ($1, $2, $4, $3)"
                        + " on conflict (work) do update set holder = $2, held_until = $4,"
                        + " begun_at = case when t.cursor is null then $3 else t.begun_at end"
                        + " where t.held_until <= $3 and (t.begun_at <= $5 or t.cursor is not null) returning cursor")
                .execute(Tuple.of(work, holder, at(now), at(until), at(begunBefore)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(new Taken(rows.iterator().next().getString("cursor"))));
    }

    /** @return false if the turn is not held any more */
    Uni<Boolean> hold(String work, UUID holder, Instant until) {
        return pool.preparedQuery("update turns set held_until = $3" + HELD)
                .execute(Tuple.of(work, holder, at(until)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** @return false if the turn is not held any more */
    Uni<Boolean> reach(String work, UUID holder, String cursor) {
        return pool.preparedQuery("update turns set cursor = $3" + HELD)
                .execute(Tuple.of(work, holder, cursor))
                .map(rows -> rows.rowCount() == 1);
    }

    Uni<Void> leave(String work, UUID holder, Instant now) {
        return pool.preparedQuery("update turns set held_until = $3" + HELD)
                .execute(Tuple.of(work, holder, at(now)))
                .replaceWithVoid();
    }

    Uni<Void> end(String work, UUID holder, Instant now) {
        return pool.preparedQuery("update turns set held_until = $3, cursor = null" + HELD)
                .execute(Tuple.of(work, holder, at(now)))
                .replaceWithVoid();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
