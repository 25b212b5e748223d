package org.domicile.migration.ack;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.StreamSupport;
import org.domicile.migration.peer.WireFormat;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck;

/** What participants said, by account. */
@ApplicationScoped
public class AckStore {
    private final WireFormat wire;

    @Inject
    public AckStore(WireFormat wire) {
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
    public Uni<Void> put(SqlClient connection, FenceAck ack) {
        return put(connection, List.of(ack));
    }

    /** The same for several. */
    public Uni<Void> put(SqlClient connection, List<FenceAck> acks) {
        var rows = acks.stream()
                .map(ack ->
                        Tuple.of(ack.accountId().value(), ack.region(), ack.service(), ack.epoch(), wire.write(ack)))
                .toList();
        return rows.isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery(
                                "insert into ack (account_id, region, service, epoch, body) select $1, $2, $3, $4, $5"
                                        + " where not exists (select from erasure where account_hash = sha256(uuid_send($1))"
                                        + " and state = 'ERASED') on conflict (account_id, region, service, epoch) do update set body = excluded.body")
                        .executeBatch(rows)
                        .replaceWithVoid();
    }
}
