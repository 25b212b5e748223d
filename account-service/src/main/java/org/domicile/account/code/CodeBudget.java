package org.domicile.account.code;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.domicile.account.profile.Identifier;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * An identifier is sent so many codes an hour, for whatever and whoever asks, known or not: nobody's phone can be made to ring, and
 * nobody gets more codes to guess. Counted in one statement, the same for every instance.
 */
@ApplicationScoped
public class CodeBudget {
    public static final Duration PERIOD = Duration.ofHours(1);

    private final Pool pool;
    private final Kms kms;
    private final CodesConfig config;
    private final Clock clock;

    @Inject
    public CodeBudget(Pool pool, Kms kms, CodesConfig config, Clock clock) {
        this.pool = pool;
        this.kms = kms;
        this.config = config;
        this.clock = clock;
    }

    /** Counts one code; fails with TOO_MANY_REQUESTS (429) when the hour's are used. */
    public Uni<Void> spend(Identifier identifier) {
        var now = clock.instant();
        return kms.indexMac(("code-budget:" + identifier.kind() + ":" + identifier.value()).getBytes(UTF_8))
                .flatMap(mac -> pool.preparedQuery("insert into code_budget as b (mac, since, used) values ($1, $2, 1)"
                                + " on conflict (mac) do update set"
                                + " used = case when b.since <= $3 then 1 else b.used + 1 end,"
                                + " since = case when b.since <= $3 then $2 else b.since end returning used, since")
                        .execute(Tuple.of(
                                Buffer.buffer(mac),
                                now.atOffset(ZoneOffset.UTC),
                                now.minus(PERIOD).atOffset(ZoneOffset.UTC))))
                .map(rows -> rows.iterator().next())
                .invoke(row -> {
                    if (row.getInteger("used") > config.perHour()) {
                        throw exhausted(now, row.getOffsetDateTime("since").toInstant());
                    }
                })
                .replaceWithVoid();
    }

    private static ProblemException exhausted(Instant now, Instant since) {
        var wait = Math.max(1, Duration.between(now, since.plus(PERIOD)).toSeconds());
        return new ProblemException(
                ErrorCode.TOO_MANY_REQUESTS,
                "Too many codes were asked for: try again in " + wait + " seconds.",
                Map.of("retryAfter", wait));
    }
}
