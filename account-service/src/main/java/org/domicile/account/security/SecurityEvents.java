package org.domicile.account.security;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.account.security.SecurityEvent.Kind;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedWrite;

/** Records what happened to an account's sign-in and rights. */
@ApplicationScoped
public class SecurityEvents {
    /** Where markets.yaml says nothing else. */
    public static final Duration KEPT = Duration.ofDays(90);

    private static final Duration FAILURES_APART = Duration.ofHours(1);
    private static final int SHOWN = 1_000;

    private final Pool pool;
    private final Fence fence;
    private final Clock clock;

    @Inject
    public SecurityEvents(Pool pool, Fence fence, Clock clock) {
        this.pool = pool;
        this.fence = fence;
        this.clock = clock;
    }

    /** In the transaction that did it. */
    public Uni<Void> add(FencedWrite write, Kind kind) {
        return add(write, kind, clock.instant());
    }

    /** In a transaction of its own. */
    public Uni<Void> add(AccountId account, Kind kind) {
        return add(account, kind, clock.instant());
    }

    /** @param at as whoever saw it says; the future counts as now */
    Uni<Void> add(AccountId account, Kind kind, Instant at) {
        return fence.write(account, write -> add(write, kind, at));
    }

    private Uni<Void> add(FencedWrite write, Kind kind, Instant at) {
        var now = clock.instant();
        var when = (at.isAfter(now) ? now : at).truncatedTo(ChronoUnit.MILLIS);
        var apart = kind == Kind.SIGN_IN_FAILED ? FAILURES_APART : Duration.ZERO;
        return write.connection()
                .preparedQuery(
                        "insert into security_event (account_id, id, version, kind, at) select $1, $2, $3, $4, $5"
                                + " where not exists (select from security_event where account_id = $1 and kind = $4 and at > $6)")
                .execute(Tuple.from(new Object[] {
                    write.account().value(),
                    UUID.randomUUID(),
                    write.version(),
                    kind.name(),
                    when.atOffset(ZoneOffset.UTC),
                    (apart.isZero() ? Instant.parse("9999-01-01T00:00:00Z") : when.minus(apart))
                            .atOffset(ZoneOffset.UTC)
                }))
                .replaceWithVoid();
    }

    /** Newest first, at most a thousand. */
    Uni<List<SecurityEvent>> of(AccountId account) {
        return pool.preparedQuery(
                        "select id, kind, at from security_event where account_id = $1 order by at desc, id limit "
                                + SHOWN)
                .execute(Tuple.of(account.value()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new SecurityEvent(
                                row.getUUID("id"),
                                Kind.valueOf(row.getString("kind")),
                                row.get(OffsetDateTime.class, "at").toInstant()))
                        .toList());
    }
}
