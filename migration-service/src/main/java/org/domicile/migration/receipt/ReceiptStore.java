package org.domicile.migration.receipt;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;

/** Receipts of this region. */
@ApplicationScoped
public class ReceiptStore {
    private final Pool pool;

    @Inject
    public ReceiptStore(Pool pool) {
        this.pool = pool;
    }

    /** Adds it, unless its subject has a receipt. */
    public Uni<Void> add(SqlConnection connection, Receipt receipt) {
        return connection
                .preparedQuery("insert into receipt (account_id, id, move_id, kind, subject, salt, jws)"
                        + " values ($1, $2, $3, $4, $5, $6, $7) on conflict (account_id, subject) do nothing")
                .execute(Tuple.tuple()
                        .addValue(receipt.account().value())
                        .addValue(receipt.id())
                        .addValue(receipt.move().orElse(null))
                        .addValue(receipt.kind())
                        .addValue(receipt.subject().orElse(null))
                        .addValue(Buffer.buffer(receipt.salt()).getDelegate())
                        .addValue(receipt.jws()))
                .replaceWithVoid();
    }

    public Uni<Optional<Receipt>> find(UUID id) {
        return pool.preparedQuery("select * from receipt where id = $1")
                .execute(Tuple.of(id))
                .map(rows -> receipts(rows).findFirst());
    }

    /** An account's, the newest first. */
    public Uni<List<Receipt>> of(AccountId account, int limit) {
        return pool.preparedQuery("select * from receipt where account_id = $1 order by id desc limit $2")
                .execute(Tuple.of(account.value(), limit))
                .map(rows -> receipts(rows).toList());
    }

    private static Stream<Receipt> receipts(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new Receipt(
                        row.getUUID("id"),
                        new AccountId(row.getUUID("account_id")),
                        Optional.ofNullable(row.getUUID("move_id")),
                        row.getString("kind"),
                        Optional.ofNullable(row.getString("subject")),
                        row.getBuffer("salt").getBytes(),
                        row.getString("jws"),
                        Optional.ofNullable(row.getLong("leaf_index"))));
    }

    /** The receipts of a move, the oldest first (ids are ordered by time), with their salts as base64url. */
    public Uni<SortedMap<UUID, String>> salts(AccountId account, UUID move) {
        return pool.preparedQuery("select id, salt from receipt where account_id = $1 and move_id = $2")
                .execute(Tuple.of(account.value(), move))
                .map(rows -> {
                    var salts = new TreeMap<UUID, String>(Comparator.comparing(UUID::toString));
                    rows.forEach(row -> salts.put(
                            row.getUUID("id"), encode(row.getBuffer("salt").getBytes())));
                    return salts;
                });
    }

    private static String encode(byte[] salt) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(salt);
    }
}
