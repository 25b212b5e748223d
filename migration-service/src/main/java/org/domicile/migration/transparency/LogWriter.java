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
public class LogWriter {
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

    /** The log takes nothing until the other regions have been asked how much they saw of it. */
    public Uni<Void> doubt() {
        return pool.withTransaction(c -> log.lock(c, empty(1))
                .flatMap(head -> log.save(c, new Head(head.generation(), head.size(), head.note(), true))));
    }

    /** Takes what waits into the log, unless it is unsure where the log ends. @return the newest head */
    Uni<Head> append() {
        return pool.withTransaction(c -> log.lock(c, empty(1))
                .flatMap(head -> head.unsure()
                        ? Uni.createFrom().item(head)
                        : unlogged.oldest(c, batch)
                                .flatMap(waiting ->
                                        waiting.isEmpty() ? Uni.createFrom().item(head) : append(c, head, waiting))));
    }

    /** The log goes on where it ends, as nobody has seen more of it; or another one begins, and is unsure itself. */
    Uni<Void> settle(Head unsure, boolean complete) {
        return pool.withTransaction(c -> log.lock(c, unsure)
                .flatMap(head -> !head.unsure() || !isSame(head, unsure)
                        ? Uni.createFrom().voidItem()
                        : complete
                                ? log.save(c, new Head(head.generation(), head.size(), head.note(), false))
                                : log.begin(c, empty(head.generation() + 1))));
    }

    /** Adds a witness's signature, unless the log has grown meanwhile. */
    Uni<Void> cosigned(Head cosigned, NoteSignature signature) {
        return pool.withTransaction(c -> log.lock(c, cosigned)
                .flatMap(head -> isSame(head, cosigned)
                        ? log.save(
                                c,
                                new Head(
                                        head.generation(),
                                        head.size(),
                                        head.note().with(signature),
                                        head.unsure()))
                        : Uni.createFrom().voidItem()));
    }

    private Uni<Head> append(SqlConnection connection, Head head, List<Waiting> waiting) {
        return log.nodes(connection, Merkle.ofRoot(head.size())).flatMap(edge -> {
            var made = subtrees(head.size(), waiting, edge);
            var known = new HashMap<>(edge);
            known.putAll(made);
            var size = head.size() + waiting.size();
            var root = Merkle.root(size, known);
            var note = keys.sign(new Checkpoint(keys.origin(head.generation()), size, root));
            var next = new Head(head.generation(), size, note, false);
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

    private static boolean isSame(Head head, Head other) {
        return head.note().text().equals(other.note().text());
    }

    /** A later one is unsure, as it may have been begun before, and lost too. */
    private Head empty(int generation) {
        var note = keys.sign(new Checkpoint(keys.origin(generation), 0, TreeHash.empty()));
        return new Head(generation, 0, note, generation > 1);
    }
}
