package org.domicile.migration.transparency;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.domicile.tlog.SignedNote;
import org.domicile.tlog.TilePath;
import org.domicile.tlog.TreeHash;
import org.domicile.tlog.TreeRange;

/** Entries, nodes and head of the region's log. What a head counts is committed with it. */
@ApplicationScoped
public class LogStore {
    private final Pool pool;

    @Inject
    public LogStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * @param note the checkpoint with its signatures
     * @param unsure the database was restored, and other regions may have seen more of the log
     */
    public record Head(int generation, long size, SignedNote note, boolean unsure) {}

    public Uni<Optional<Head>> head() {
        return head(pool, "");
    }

    /** The head, which nobody else changes before the transaction's end; the given one is made if there is none yet. */
    Uni<Head> lock(SqlConnection connection, Head first) {
        return connection
                .preparedQuery(
                        "insert into log_head (generation, size, note) values ($1, $2, $3) on conflict do nothing")
                .execute(Tuple.of(first.generation(), first.size(), first.note().toString()))
                .chain(() -> head(connection, " for update"))
                .map(Optional::orElseThrow);
    }

    Uni<Void> save(SqlConnection connection, Head head) {
        return connection
                .preparedQuery("update log_head set generation = $1, size = $2, note = $3, unsure = $4")
                .execute(Tuple.of(head.generation(), head.size(), head.note().toString(), head.unsure()))
                .replaceWithVoid();
    }

    /** Another log begins, which takes every receipt again. */
    Uni<Void> begin(SqlConnection connection, Head first) {
        return connection
                .query("delete from log_entry")
                .execute()
                .chain(() -> connection.query("delete from log_node").execute())
                .chain(() -> connection
                        .query("update receipt set leaf_index = null where leaf_index is not null")
                        .execute())
                .chain(() -> save(connection, first));
    }

    private static Uni<Optional<Head>> head(SqlClient client, String lock) {
        return client.preparedQuery("select generation, size, note, unsure from log_head" + lock)
                .execute()
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(head(rows.iterator().next())));
    }

    private static Head head(Row row) {
        return new Head(
                row.getInteger("generation"),
                row.getLong("size"),
                SignedNote.parse(row.getString("note")),
                row.getBoolean("unsure"));
    }

    /** Those of the nodes that there are. */
    public Uni<Map<TreeRange, TreeHash>> nodes(Collection<TreeRange> ranges) {
        return nodes(pool, ranges);
    }

    Uni<Map<TreeRange, TreeHash>> nodes(SqlClient client, Collection<TreeRange> ranges) {
        var levels = ranges.stream().map(r -> (short) r.level()).toArray(Short[]::new);
        var indexes = ranges.stream().map(TreeRange::index).toArray(Long[]::new);
        return client.preparedQuery("select n.level, n.index, n.hash from log_node n"
                        + " join unnest($1::smallint[], $2::bigint[]) as asked (level, index)"
                        + " on n.level = asked.level and n.index = asked.index")
                .execute(Tuple.of(levels, indexes))
                .map(rows -> {
                    var nodes = new HashMap<TreeRange, TreeHash>();
                    rows.forEach(row -> nodes.put(
                            new TreeRange(row.getShort("level"), row.getLong("index")),
                            TreeHash.of(row.getBuffer("hash").getBytes())));
                    return nodes;
                });
    }

    Uni<Void> add(SqlConnection connection, Map<TreeRange, TreeHash> nodes, long first, List<byte[]> entries) {
        var nodeRows = new ArrayList<Tuple>();
        nodes.forEach(
                (range, hash) -> nodeRows.add(Tuple.of((short) range.level(), range.index(), buffer(hash.bytes()))));
        var entryRows = new ArrayList<Tuple>();
        for (var i = 0; i < entries.size(); i++) {
            entryRows.add(Tuple.of(first + i, buffer(entries.get(i))));
        }
        return connection
                .preparedQuery("insert into log_entry (index, entry) values ($1, $2)")
                .executeBatch(entryRows)
                .chain(() -> connection
                        .preparedQuery("insert into log_node (level, index, hash) values ($1, $2, $3)")
                        .executeBatch(nodeRows))
                .replaceWithVoid();
    }

    /** The tile's bytes; empty unless all of it is there. */
    public Uni<Optional<io.vertx.core.buffer.Buffer>> tile(TilePath path) {
        return path.entries()
                ? read(
                        path,
                        "select entry from log_entry where index >= $1 and index < $2 order by index",
                        Tuple.of(path.first(), path.first() + path.width()))
                : read(
                        path,
                        "select hash from log_node where level = $3 and index >= $1 and index < $2 order by index",
                        Tuple.of(path.first(), path.first() + path.width(), (short) (path.level() * TilePath.HEIGHT)));
    }

    private Uni<Optional<io.vertx.core.buffer.Buffer>> read(TilePath path, String sql, Tuple range) {
        return pool.preparedQuery(sql).execute(range).map(rows -> {
            if (rows.size() < path.width()) {
                return Optional.empty();
            }
            var tile = io.vertx.core.buffer.Buffer.buffer();
            rows.forEach(row -> {
                var bytes = row.getBuffer(0).getBytes();
                if (path.entries()) {
                    tile.appendUnsignedShort(bytes.length);
                }
                tile.appendBytes(bytes);
            });
            return Optional.of(tile);
        });
    }

    private static io.vertx.core.buffer.Buffer buffer(byte[] bytes) {
        return Buffer.buffer(bytes).getDelegate();
    }
}
