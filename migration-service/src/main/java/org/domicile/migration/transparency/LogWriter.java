package org.domicile.migration.transparency;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.domicile.migration.transparency.LogStore.Head;
import org.domicile.migration.transparency.Unlogged.Waiting;
import org.domicile.tlog.Checkpoint;
import org.domicile.tlog.Merkle;
import org.domicile.tlog.SignedNote.NoteSignature;
import org.domicile.tlog.TreeHash;
import org.domicile.tlog.TreeRange;

/**
 * Appends receipts to the log and signs its new head, in one transaction that holds the head: a crash leaves the old log or the new
 * one, and several instances write one log.
 */
@ApplicationScoped
class LogWriter {
    private final Pool pool;
    private final LogStore log;
    private final Unlogged unlogged;
    private final LogKeys keys;
    private final int batch;

    @Inject
    LogWriter(Pool pool, LogStore log, Unlogged unlogged, LogKeys keys, TransparencyConfig config) {
        this.pool = pool;
        this.log = log;
        this.unlogged = unlogged;
        this.keys = keys;
        this.batch = config.batch();
    }

    /** Takes what waits into the log. @return the newest head */
    Uni<Head> append() {
        var first = signed(new Checkpoint(keys.origin(), 0, TreeHash.empty()));
        return pool.withTransaction(c -> log.lock(c, first).flatMap(head -> unlogged.oldest(c, batch)
                .flatMap(waiting -> waiting.isEmpty() ? Uni.createFrom().item(head) : append(c, head, waiting))));
    }

    /** Adds a witness's signature, unless the log has grown meanwhile. */
    Uni<Void> cosigned(Head cosigned, NoteSignature signature) {
        return pool.withTransaction(c -> log.lock(c, cosigned)
                .flatMap(head -> head.note().text().equals(cosigned.note().text())
                        ? log.save(c, new Head(head.size(), head.note().with(signature)))
                        : Uni.createFrom().voidItem()));
    }

    private Uni<Head> append(SqlConnection connection, Head head, List<Waiting> waiting) {
        return log.nodes(connection, Merkle.ofRoot(head.size())).flatMap(edge -> {
            var made = subtrees(head.size(), waiting, edge);
            var known = new HashMap<>(edge);
            known.putAll(made);
            var size = head.size() + waiting.size();
            var next = signed(new Checkpoint(keys.origin(), size, Merkle.root(size, known)));
            return log.add(
                            connection,
                            made,
                            head.size(),
                            waiting.stream().map(Waiting::entry).toList())
                    .chain(() -> unlogged.logged(connection, waiting, head.size()))
                    .chain(() -> log.save(connection, next))
                    .replaceWith(next);
        });
    }

    /** The leaves, and every perfect subtree that they complete. @param edge the perfect subtrees of the tree so far */
    private static Map<TreeRange, TreeHash> subtrees(long size, List<Waiting> waiting, Map<TreeRange, TreeHash> edge) {
        var made = new LinkedHashMap<TreeRange, TreeHash>();
        var leaf = size;
        for (var receipt : waiting) {
            var range = new TreeRange(0, leaf++);
            var hash = TreeHash.leaf(receipt.entry());
            made.put(range, hash);
            while (range.index() % 2 == 1) {
                var left = new TreeRange(range.level(), range.index() - 1);
                hash = TreeHash.node(made.getOrDefault(left, edge.get(left)), hash);
                range = new TreeRange(range.level() + 1, range.index() / 2);
                made.put(range, hash);
            }
        }
        return made;
    }

    private Head signed(Checkpoint checkpoint) {
        return new Head(checkpoint.size(), keys.sign(checkpoint));
    }
}
