package org.domicile.outside.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.MoveBlocked;
import org.domicile.platform.participant.RecordMac;

/** Digests an account's rows as the database gives them back now, and looks whether they are all there is and hold together. */
final class TableDigests {
    private final List<TableRows> classes;

    TableDigests(List<TableRows> classes) {
        this.classes = classes;
    }

    Uni<SortedMap<String, ClassDigest>> of(SqlConnection connection, AccountId account, byte[] macKey) {
        var digests = new TreeMap<String, ClassDigest>();
        return Multi.createFrom()
                .iterable(classes)
                .onItem()
                .transformToUniAndConcatenate(rows -> of(connection, account, new RecordMac(macKey), rows)
                        .invoke(digest -> digests.put(rows.name(), digest)))
                .collect()
                .last()
                .replaceWith(digests);
    }

    private Uni<ClassDigest> of(SqlConnection connection, AccountId account, RecordMac mac, TableRows rows) {
        return rows.all(connection, account)
                .flatMap(records -> followed(connection, account, rows.table()).map(followed -> {
                    if (followed != records.size()) {
                        throw new MoveBlocked("The account has " + followed + " rows in " + rows.name() + " and "
                                + records.size()
                                + " with a version: some were written past the trigger. Write them again.");
                    }
                    return new ClassDigest(records.size(), digest(mac, rows.name(), records));
                }));
    }

    private static Uni<Long> followed(SqlConnection connection, AccountId account, MovedTable table) {
        return connection
                .preparedQuery("select count(*) from " + Reading.followed(table))
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Fails if a row that has been copied refers to one that is not here. */
    Uni<Void> unresolved(SqlConnection connection, AccountId account) {
        return Multi.createFrom()
                .iterable(classes)
                .onItem()
                .transformToUniAndConcatenate(
                        rows -> unresolved(connection, account, rows.table()).replaceWith(rows))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private static Uni<Void> unresolved(SqlConnection connection, AccountId account, MovedTable table) {
        return Multi.createFrom()
                .iterable(table.references())
                .onItem()
                .transformToUniAndConcatenate(reference -> connection
                        .preparedQuery("select v.key from row_version v join " + table.relation() + " t on "
                                + table.hasKey("t", "v.key") + " where v.account_id = $1 and v.class = "
                                + MovedTable.literal(table.name()) + " and "
                                + reference.columns().stream()
                                        .map(c -> "t." + MovedTable.quoted(c) + " is not null")
                                        .collect(Collectors.joining(" and "))
                                + " and not exists (select from " + table.relation(reference.parent()) + " p where "
                                + MovedTable.refers(reference, "t", "p") + ") limit 1")
                        .execute(Tuple.of(account.value()))
                        .invoke(rows -> {
                            if (rows.size() > 0) {
                                throw new MoveBlocked("The row "
                                        + rows.iterator().next().getString("key") + " of " + table.name()
                                        + " refers to a row of " + reference.parent() + " that does not move with it.");
                            }
                        }))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Over the MACs in the order of the keys' bytes, as the ledger of MACs orders them. */
    private static String digest(RecordMac mac, String recordClass, List<DataRecord> records) {
        var macs = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
        records.forEach(record -> macs.put(record.key().getBytes(UTF_8), mac.of(recordClass, record)));
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            macs.values().forEach(sha256::update);
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
