package org.domicile.migration.ack;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.migration.peer.WireFormat;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.sql.Pipeline;

/** What participants said, by account. */
@ApplicationScoped
public class AckStore {
    private static final String REPLACED = "update ack set replaced_at = now() where account_id = any($1)"
            + " and replaced_at is null and exists (select from ack later where later.account_id = ack.account_id"
            + " and later.region = ack.region and later.service = ack.service and later.epoch > ack.epoch)";

    private final Pool pool;
    private final WireFormat wire;

    @Inject
    public AckStore(Pool pool, WireFormat wire) {
        this.pool = pool;
        this.wire = wire;
    }

    public Uni<Acks> of(SqlClient connection, AccountId account) {
        return connection
                .preparedQuery("select body from ack where account_id = $1 order by epoch, region, service")
                .execute(Tuple.of(account.value()))
                .map(rows -> new Acks(StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> wire.read(row.getJsonObject("body"), FenceAck.class))
                        .toList()));
    }

    /** Keeps nothing of an erased account. Replaces the row of the same participant and epoch; see {@link Acks#with} for when that is right. */
    public Uni<Void> put(SqlConnection connection, FenceAck ack) {
        return put(connection, List.of(ack));
    }

    /** The same for several. */
    public Uni<Void> put(SqlConnection connection, List<FenceAck> acks) {
        var rows = acks.stream()
                .map(ack ->
                        Tuple.of(ack.accountId().value(), ack.region(), ack.service(), ack.epoch(), wire.write(ack)))
                .toList();
        if (rows.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return Pipeline.inOrder(
                connection
                        .preparedQuery(
                                "insert into ack (account_id, region, service, epoch, body) select $1, $2, $3, $4, $5"
                                        + " where not exists (select from erasure where account_hash = sha256(uuid_send($1))"
                                        + " and state = 'ERASED') on conflict (account_id, region, service, epoch) do update set body = excluded.body")
                        .executeBatch(rows)
                        .replaceWithVoid(),
                connection
                        .preparedQuery(REPLACED)
                        .execute(Tuple.of(accounts(acks)))
                        .replaceWithVoid());
    }

    /** After a restore: dealt with as {@code RestoredPeers} does. */
    Uni<Void> noteFence(SqlConnection connection, AccountId account, String region) {
        return connection
                .preparedQuery("insert into forgotten_move (account_id, region) select $1, $2"
                        + " where exists (select from reconciliation) on conflict do nothing")
                .execute(Tuple.of(account.value(), region))
                .replaceWithVoid();
    }

    private static UUID[] accounts(List<FenceAck> acks) {
        return acks.stream().map(ack -> ack.accountId().value()).distinct().toArray(UUID[]::new);
    }

    /** Forgets what was replaced before this time; a move that goes on may still ask for it. @return how many */
    public Uni<Long> forgetReplacedBefore(Instant time) {
        return pool.preparedQuery("delete from ack where replaced_at <= $1 and not exists (select from move m"
                        + " where m.account_id = ack.account_id and not m.settled)")
                .execute(Tuple.of(time.atOffset(ZoneOffset.UTC)))
                .map(rows -> (long) rows.rowCount());
    }
}
