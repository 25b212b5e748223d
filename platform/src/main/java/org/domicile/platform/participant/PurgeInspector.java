package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck.Evidence;
import org.domicile.platform.key.KeysConfig;
import org.domicile.platform.verify.CompactedTopics;

/**
 * Looks after a purge for what is left, by code that the mover does not use: every table of the database that has an account
 * column is asked, whether or not a class of data knows it, and so is every other store of the service.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class PurgeInspector {
    /** What stays on purpose, without content: tombstone, last report, where the account went, and logs that the law wants kept. */
    private static final Set<String> TOMBSTONE =
            Set.of("fence", "fence_intent", "transfer", "residency", "residency_unproven", "legal_log");

    private final Participant participant;
    private final PurgeConfig config;
    private final KeysConfig keys;
    private final Clock clock;
    private final CompactedTopics topics;

    @Inject
    PurgeInspector(Participant participant, PurgeConfig config, KeysConfig keys, Clock clock, CompactedTopics topics) {
        this.participant = participant;
        this.config = config;
        this.keys = keys;
        this.clock = clock;
        this.topics = topics;
    }

    /** Place → what other stores than PostgreSQL still have, by asking each of them. */
    Uni<SortedMap<String, Long>> elsewhere(AccountId account) {
        return participant.enumerate(account).flatMap(places -> topics.left(account, participant.topics())
                .map(left -> {
                    var all = new TreeMap<>(places);
                    left.forEach((topic, values) -> all.put("topic " + topic, values));
                    return all;
                }));
    }

    /** @param elsewhere what {@link #elsewhere} found */
    Uni<Evidence> inspect(SqlConnection connection, AccountId account, SortedMap<String, Long> elsewhere) {
        return tables(connection).flatMap(tables -> Multi.createFrom()
                .iterable(tables)
                .onItem()
                .transformToUniAndConcatenate(
                        table -> count(connection, table, account).map(rows -> Map.entry(table, rows)))
                .collect()
                .asList()
                .map(counts -> {
                    var found = new TreeMap<String, Long>();
                    Stream.concat(elsewhere.entrySet().stream(), counts.stream())
                            .filter(count -> count.getValue() > 0)
                            .forEach(count -> found.put(count.getKey(), count.getValue()));
                    return new Evidence(
                            tables.size(), List.copyOf(elsewhere.keySet()), found, compactedBy(), keysUntil());
                }));
    }

    /** The key is gone since a moment: the last backup that has it is as young as that. */
    private Instant keysUntil() {
        return keys.enabled() ? clock.instant().plus(keys.backupsKept()) : null;
    }

    private SortedMap<String, Instant> compactedBy() {
        var gone = new TreeMap<String, Instant>();
        participant.topics().forEach(topic -> gone.put(topic, clock.instant().plus(config.compaction())));
        return gone;
    }

    private static Uni<List<String>> tables(SqlConnection connection) {
        return connection
                .query("select t.relname as table_name from pg_class t join pg_attribute c on c.attrelid = t.oid"
                        + " where t.relnamespace = (select oid from pg_namespace where nspname = current_schema()) and t.relkind in ('r', 'p')"
                        + " and c.attname = 'account_id' and not c.attisdropped order by 1")
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> row.getString("table_name"))
                        .filter(table -> !TOMBSTONE.contains(table))
                        .toList());
    }

    private static Uni<Long> count(SqlConnection connection, String table, AccountId account) {
        return connection
                .preparedQuery("select count(*) as count from \"" + table + "\" where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getLong("count"));
    }
}
