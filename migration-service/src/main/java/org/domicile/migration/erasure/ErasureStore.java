package org.domicile.migration.erasure;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureEntry;

/** Erasures by the hash of their account, and the end of everything that names one. */
@ApplicationScoped
public class ErasureStore {
    private static final List<String> FORGOTTEN = List.of(
            "receipt",
            "delivery",
            "command",
            "ack",
            "move_step",
            "move",
            "wave_account",
            "account_label",
            "transfer_head",
            "residency_unproven",
            "residency",
            "directory_log",
            "forgotten_move",
            "directory");

    Uni<Optional<ErasureEntry>> find(SqlClient client, AccountId account) {
        return client.preparedQuery("select * from erasure where account_hash = sha256(uuid_send($1))")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(entry(rows.iterator().next())));
    }

    Uni<Void> put(SqlConnection connection, ErasureEntry entry) {
        return connection
                .preparedQuery(
                        "insert into erasure (account_hash, erasure_id, region, epoch, state, requested_at, deadline,"
                                + " at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (account_hash) do update set"
                                + " state = excluded.state, at = excluded.at where erasure.state = 'ORDERED'")
                .execute(Tuple.tuple()
                        .addValue(Buffer.buffer(entry.accountHash()))
                        .addValue(entry.erasureId())
                        .addValue(entry.region())
                        .addValue(entry.epoch())
                        .addValue(entry.state().name())
                        .addValue(entry.requestedAt().atOffset(ZoneOffset.UTC))
                        .addValue(entry.deadline().atOffset(ZoneOffset.UTC))
                        .addValue(entry.at().atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** The account that an entry means, if this region's directory has it, with the home it names. */
    Uni<Optional<Known>> known(SqlConnection connection, ErasureEntry entry) {
        return connection
                .preparedQuery(
                        "select account_id, home, epoch from directory where sha256(uuid_send(account_id)) = $1 for update")
                .execute(Tuple.of(Buffer.buffer(entry.accountHash())))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    var row = rows.iterator().next();
                    return Optional.of(new Known(
                            new AccountId(row.getUUID("account_id")), row.getString("home"), row.getLong("epoch")));
                });
    }

    record Known(AccountId account, String home, long epoch) {}

    /** Deletes every row that names the account. */
    Uni<Void> forget(SqlConnection connection, AccountId account) {
        var chain = Uni.createFrom().voidItem();
        for (var table : FORGOTTEN) {
            chain = chain.chain(() -> connection
                    .preparedQuery("delete from " + table + " where account_id = $1")
                    .execute(Tuple.of(account.value()))
                    .replaceWithVoid());
        }
        return chain;
    }

    private static ErasureEntry entry(Row row) {
        return new ErasureEntry(
                HexFormat.of().formatHex(row.getBuffer("account_hash").getBytes()),
                row.getUUID("erasure_id"),
                ErasureEntry.State.valueOf(row.getString("state")),
                row.getString("region"),
                row.getLong("epoch"),
                row.get(OffsetDateTime.class, "requested_at").toInstant(),
                row.get(OffsetDateTime.class, "deadline").toInstant(),
                row.get(OffsetDateTime.class, "at").toInstant());
    }
}
