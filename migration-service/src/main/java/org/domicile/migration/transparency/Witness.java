package org.domicile.migration.transparency;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.tlog.Checkpoint;
import org.domicile.tlog.Merkle;
import org.domicile.tlog.SignedNote;
import org.domicile.tlog.SignedNote.NoteSignature;
import org.domicile.tlog.TreeHash;

/**
 * Cosigns other regions' checkpoints, each only if it continues the one before (C2SP tlog-witness): a region that shows different
 * people different logs would need every other region's help.
 */
@ApplicationScoped
class Witness {
    private final Pool pool;
    private final LogKeys keys;

    @Inject
    Witness(Pool pool, LogKeys keys) {
        this.pool = pool;
        this.keys = keys;
    }

    /** What came of a checkpoint. */
    sealed interface Verdict {
        record Cosigned(NoteSignature signature) implements Verdict {}

        record UnknownLog() implements Verdict {}

        record NotItsSignature() implements Verdict {}

        /** @param size of the newest checkpoint that was cosigned */
        record Conflict(long size) implements Verdict {}

        record NoContinuation() implements Verdict {}
    }

    /** @throws IllegalArgumentException if the checkpoint is malformed, or older than what it says to continue */
    Uni<Verdict> add(long older, List<TreeHash> proof, SignedNote note) {
        var head = Checkpoint.parse(note.text());
        if (older > head.size()) {
            throw new IllegalArgumentException("the old size is above the checkpoint's");
        }
        var log = keys.byOrigin(head.origin());
        if (log.isEmpty()) {
            return Uni.createFrom().item(new Verdict.UnknownLog());
        }
        var author = log.get().author(log.get().generation(head.origin()).orElseThrow());
        if (!note.isSignedBy(author)) {
            return Uni.createFrom().item(new Verdict.NotItsSignature());
        }
        return pool.withTransaction(c -> lock(c, head.origin()).flatMap(last -> {
            var verdict = judge(last, older, proof, head);
            return verdict instanceof Verdict.Cosigned ? save(c, head).replaceWith(verdict) : done(verdict);
        }));
    }

    private Verdict judge(Checkpoint last, long older, List<TreeHash> proof, Checkpoint head) {
        if (last.size() != older || last.size() == head.size() && !last.root().equals(head.root())) {
            return new Verdict.Conflict(last.size());
        }
        return Merkle.isConsistent(last.size(), last.root(), head.size(), head.root(), proof)
                ? new Verdict.Cosigned(keys.cosign(head))
                : new Verdict.NoContinuation();
    }

    private static Uni<Verdict> done(Verdict verdict) {
        return Uni.createFrom().item(verdict);
    }

    private static Uni<Checkpoint> lock(SqlConnection connection, String origin) {
        return connection
                .preparedQuery("insert into witnessed (origin, size, root) values ($1, 0, $2) on conflict do nothing")
                .execute(Tuple.of(origin, TreeHash.empty().toString()))
                .chain(() -> connection
                        .preparedQuery("select size, root from witnessed where origin = $1 for update")
                        .execute(Tuple.of(origin)))
                .map(rows -> rows.iterator().next())
                .map(row -> new Checkpoint(origin, row.getLong("size"), TreeHash.parse(row.getString("root"))));
    }

    private static Uni<Void> save(SqlConnection connection, Checkpoint head) {
        return connection
                .preparedQuery("update witnessed set size = $2, root = $3 where origin = $1")
                .execute(Tuple.of(head.origin(), head.size(), head.root().toString()))
                .replaceWithVoid();
    }
}
