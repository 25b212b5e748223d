package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.TopicPartition;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureEntry;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.region.ServiceIdentity;

/** The SQL of the erasure list's projection. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class ErasureStore {
    private static final List<String> FORGOTTEN =
            List.of("transfer_mac", "transfer", "move_law", "fence_intent", "residency_unproven", "residency", "fence");
    private static final int BATCH = 200;

    private final Pool pool;
    private final ServiceIdentity identity;

    @Inject
    ErasureStore(Pool pool, ServiceIdentity identity) {
        this.pool = pool;
        this.identity = identity;
    }

    /**
     * An entry that is not carried out here yet, and the account that it means.
     *
     * @param account empty if this database does not have it
     * @param mode of the fence row
     * @param busy a task of the account is under way
     */
    record Open(ErasureEntry entry, Optional<AccountId> account, FenceMode mode, long fenceEpoch, boolean busy) {}

    Uni<Void> keep(SqlConnection connection, ErasureEntry entry) {
        return connection
                .preparedQuery(
                        "insert into erased (account_hash, region, erasure_id, epoch, state, requested_at, deadline,"
                                + " at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (account_hash, region) do update set"
                                + " erasure_id = excluded.erasure_id, epoch = excluded.epoch, state = excluded.state,"
                                + " requested_at = excluded.requested_at, deadline = excluded.deadline, at = excluded.at,"
                                + " settled = false where excluded.epoch > erased.epoch or"
                                + " (excluded.epoch = erased.epoch and erased.state = 'ORDERED' and excluded.state = 'ERASED')")
                .execute(Tuple.tuple()
                        .addValue(Buffer.buffer(entry.accountHash()))
                        .addValue(entry.region())
                        .addValue(entry.erasureId())
                        .addValue(entry.epoch())
                        .addValue(entry.state().name())
                        .addValue(entry.requestedAt().atOffset(ZoneOffset.UTC))
                        .addValue(entry.deadline().atOffset(ZoneOffset.UTC))
                        .addValue(entry.at().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** What is to do, of entries signed by the region that this database holds to be the account's home. */
    Uni<List<Open>> open() {
        return pool.preparedQuery("select e.account_hash, e.region, e.erasure_id, e.epoch, e.state, e.requested_at,"
                        + " e.deadline, e.at, f.account_id, f.epoch as fence_epoch, f.mode, t.task is not null as busy"
                        + " from erased e left join fence f on sha256(uuid_send(f.account_id)) = e.account_hash"
                        + " left join transfer t on t.account_id = f.account_id"
                        + " left join residency r on r.account_id = f.account_id where not e.settled"
                        + " and (e.state = 'ERASED' or f.epoch < e.epoch)"
                        + " and (f.account_id is null or coalesce(r.home, $1) = e.region) order by e.at limit " + BATCH)
                .execute(Tuple.of(identity.region()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ErasureStore::read)
                        .toList());
    }

    /** Drops what still names the account; the list's entry stands in its place. */
    Uni<Void> forget(SqlConnection connection, Open open) {
        var chain = Uni.createFrom().voidItem();
        if (open.account().isPresent()) {
            for (var table : FORGOTTEN) {
                chain = chain.flatMap(v -> connection
                        .preparedQuery("delete from " + table + " where account_id = $1")
                        .execute(Tuple.of(open.account().get().value()))
                        .replaceWithVoid());
            }
        }
        return chain.flatMap(v -> connection
                        .preparedQuery("update erased set settled = true where account_hash = $1 and region = $2")
                        .execute(Tuple.of(
                                Buffer.buffer(open.entry().accountHash()),
                                open.entry().region())))
                .replaceWithVoid();
    }

    /** Entries are remembered as long as a backup may come back. */
    Uni<Void> expire(Instant now, Duration remembered) {
        return pool.preparedQuery("delete from erased where settled and at < $1")
                .execute(Tuple.of(now.minus(remembered).atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    Uni<Map<TopicPartition, Long>> positions() {
        return pool.query("select topic, partition, next_offset from erasure_position")
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(
                                r -> new TopicPartition(r.getString("topic"), r.getInteger("partition")),
                                r -> r.getLong("next_offset"))));
    }

    Uni<Void> position(SqlConnection connection, TopicPartition partition, long next) {
        return connection
                .preparedQuery("insert into erasure_position (topic, partition, next_offset) values ($1, $2, $3)"
                        + " on conflict (topic, partition) do update set next_offset = excluded.next_offset")
                .execute(Tuple.of(partition.topic(), partition.partition(), next))
                .replaceWithVoid();
    }

    private static Open read(Row row) {
        var entry = new ErasureEntry(
                java.util.HexFormat.of().formatHex(row.getBuffer("account_hash").getBytes()),
                row.getUUID("erasure_id"),
                ErasureEntry.State.valueOf(row.getString("state")),
                row.getString("region"),
                row.getLong("epoch"),
                row.getOffsetDateTime("requested_at").toInstant(),
                row.getOffsetDateTime("deadline").toInstant(),
                row.getOffsetDateTime("at").toInstant());
        var account = Optional.ofNullable(row.getUUID("account_id")).map(AccountId::new);
        return account.isEmpty()
                ? new Open(entry, account, FenceMode.NONE, 0, false)
                : new Open(
                        entry,
                        account,
                        FenceMode.valueOf(row.getString("mode")),
                        row.getLong("fence_epoch"),
                        row.getBoolean("busy"));
    }
}
