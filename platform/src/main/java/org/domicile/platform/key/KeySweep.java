package org.domicile.platform.key;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Deletes keys that nothing needs: those of sign-ups and writes that broke off between the key's commit and the row's, and those of erased
 * accounts that a restored key store brought back. A key that is opened for a write meanwhile is kept: the deletion looks at
 * {@code used_at} again.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.keys.enabled", stringValue = "true")
public class KeySweep {
    private static final Logger LOG = Logger.getLogger(KeySweep.class);
    private static final UUID FIRST = new UUID(0, 0);
    private static final int BATCH = 500;
    /** Longer than any transaction in which the first row that needs a key is written. */
    private static final Duration UNDER_WAY = Duration.ofHours(1);

    private final Pool keys;
    private final Pool main;
    private final KeyUse use;
    private final KeysConfig config;
    private final Clock clock;

    @Inject
    public KeySweep(@ReactiveDataSource("keys") Pool keys, Pool main, KeyUse use, KeysConfig config, Clock clock) {
        this.keys = keys;
        this.main = main;
        this.use = use;
        this.config = config;
        this.clock = clock;
    }

    /** @return how many keys were deleted */
    public Uni<Long> sweep() {
        return from(FIRST, 0).invoke(swept -> {
            if (swept > 0) {
                LOG.infof("keys that nothing needs deleted count=%d", swept);
            }
        });
    }

    private Uni<Long> from(UUID after, long swept) {
        return keys.preparedQuery("select account_id from wrapped_key where account_id > $1 and used_at < $2"
                        + " order by account_id limit $3")
                .execute(Tuple.of(after, before(UNDER_WAY), BATCH))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("account_id"))
                        .toList())
                .flatMap(accounts -> accounts.isEmpty()
                        ? Uni.createFrom().item(swept)
                        : sweep(accounts).flatMap(more -> from(accounts.getLast(), swept + more)));
    }

    private Uni<Long> sweep(List<UUID> accounts) {
        return use.inUse(accounts).flatMap(used -> {
            var orphans = accounts.stream().filter(a -> !used.contains(a)).toArray(UUID[]::new);
            return orphans.length == 0
                    ? Uni.createFrom().item(0L)
                    : erased(orphans)
                            .flatMap(erased -> delete(erased.toArray(UUID[]::new), UNDER_WAY))
                            .flatMap(some ->
                                    delete(orphans, config.orphanAfter()).map(others -> some + others));
        });
    }

    private Uni<Set<UUID>> erased(UUID[] accounts) {
        return main.preparedQuery("select id from unnest($1::uuid[]) id where exists"
                        + " (select from erased where account_hash = sha256(uuid_send(id)))")
                .execute(Tuple.of((Object) accounts))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getUUID("id"))
                        .collect(Collectors.toSet()));
    }

    private Uni<Long> delete(UUID[] accounts, Duration unused) {
        return keys.preparedQuery("delete from wrapped_key where account_id = any($1) and used_at < $2")
                .execute(Tuple.of(accounts, before(unused)))
                .map(rows -> (long) rows.rowCount());
    }

    private OffsetDateTime before(Duration age) {
        return clock.instant().minus(age).atOffset(ZoneOffset.UTC);
    }
}
