package org.domicile.migration.transparency;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.tlog.LoggedReceipt;

/** Receipts that the log does not have yet. */
@ApplicationScoped
class Unlogged {

    /** A receipt by its key, and the log's entry for it. */
    record Waiting(UUID account, UUID id, byte[] entry) {}

    /** The oldest, which nobody deletes before the transaction's end. */
    Uni<List<Waiting>> oldest(SqlConnection connection, int limit) {
        return connection
                .preparedQuery("select account_id, id, salt, jws from receipt where leaf_index is null order by id"
                        + " limit $1 for update")
                .execute(Tuple.of(limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(Unlogged::waiting)
                        .toList());
    }

    /** @param first index of the first of them, the others follow */
    Uni<Void> logged(SqlConnection connection, List<Waiting> receipts, long first) {
        var rows = new ArrayList<Tuple>();
        for (var i = 0; i < receipts.size(); i++) {
            rows.add(Tuple.of(receipts.get(i).account(), receipts.get(i).id(), first + i));
        }
        return connection
                .preparedQuery("update receipt set leaf_index = $3 where account_id = $1 and id = $2")
                .executeBatch(rows)
                .replaceWithVoid();
    }

    private static Waiting waiting(Row row) {
        var entry = new LoggedReceipt(row.getBuffer("salt").getBytes(), row.getString("jws")).entry();
        return new Waiting(row.getUUID("account_id"), row.getUUID("id"), entry);
    }
}
