package org.domicile.migration.retention;

import static org.domicile.platform.retention.RetentionClass.after;
import static org.domicile.platform.retention.RetentionClass.ending;
import static org.domicile.platform.retention.RetentionClass.lasting;
import static org.domicile.platform.retention.RetentionClass.untilErasure;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.move.MigrationConfig;
import org.domicile.migration.wave.WaveStore;
import org.domicile.platform.erasure.ErasureConfig;
import org.domicile.platform.retention.RetentionClass;
import org.domicile.platform.retention.RetentionClass.Term;
import org.domicile.platform.retention.RetentionStore;
import org.domicile.platform.retention.RetentionTable;

/** All that migration-service stores, and until when. Ids, states and times; nothing personal. */
@ApplicationScoped
public class MigrationRetention implements RetentionTable {
    private static final String DELETE = "RetentionJob";
    /** A leap year and the month after it, in which the year's numbers may still be asked for. */
    private static final Duration COUNTED = Duration.ofDays(366 + 31);

    private static final String REPLACED = "ack where replaced_at is not null and not exists (select from move m where"
            + " m.account_id = ack.account_id and not m.settled)";

    private static final String COUNTED_UNTIL = "make_timestamptz(year + 1, 2, 1, 0, 0, 0, 'UTC')";

    private final List<RetentionClass> classes;

    @Inject
    public MigrationRetention(
            RetentionStore store,
            AckStore acks,
            WaveStore waves,
            DirectoryStore directory,
            MigrationConfig config,
            ErasureConfig erasures) {
        var kept = config.waveRetention();
        var remembered = after("case state when 'ERASED' then at end", erasures.remembered());
        this.classes = List.of(
                untilErasure("directory", "Where the account lives, and the epoch", "directory"),
                untilErasure("moves", "Moves of the account", "move"),
                untilErasure("move-steps", "When which state was entered", "move_step"),
                untilErasure("commands", "Which orders were given for it", "command"),
                untilErasure(
                        "acks",
                        "What each service said of it last: epochs, counts, digests",
                        "ack where replaced_at is null"),
                untilErasure("receipts", "Signed receipts of consents, moves and purges", "receipt"),
                untilErasure("labels", "Operators' names for sets of accounts", "account_label"),
                lasting(
                        "deliveries",
                        "What another region has not acknowledged",
                        "delivery",
                        "until it is acknowledged",
                        "`Deliveries`, erasure"),
                lasting(
                        "forgotten-moves",
                        "Regions where a move that a restored database forgot has left something",
                        "forgotten_move",
                        "until it is dealt with",
                        "`RestoredPeers`, erasure"),
                lasting(
                                "transparency-log",
                                "Commitments to receipts, salted; they name nobody",
                                "log_entry",
                                "for good",
                                "nothing; the salt goes with the receipt")
                        .withItem("index::text"),
                ending(
                        "replaced-acks",
                        "What services said of it before, in moves that are over",
                        REPLACED,
                        new Term(
                                kept,
                                "replaced_at",
                                after("replaced_at", kept),
                                "AckStore",
                                now -> acks.forgetReplacedBefore(now.minus(kept)))),
                ending(
                        "wave-accounts",
                        "The accounts of a wave, after its end",
                        "wave_account join wave w on w.id = wave_id where w.ended_at is not null",
                        new Term(
                                kept,
                                "w.ended_at",
                                after("w.ended_at", kept),
                                "WaveStore",
                                now -> waves.forgetEndedBefore(now.minus(kept)))),
                ending(
                        "directory-log",
                        "Which states a directory row was in",
                        "directory_log",
                        new Term(
                                kept,
                                "at",
                                after("at", kept),
                                "DirectoryStore",
                                now -> directory.forgetLogBefore(now.minus(kept)))),
                ending(
                        "transfer-heads",
                        "People whose data left the region, counted by the year where a law wants it",
                        "transfer_head",
                        new Term(
                                COUNTED,
                                "at",
                                COUNTED_UNTIL,
                                DELETE,
                                now -> store.delete("transfer_head", COUNTED_UNTIL, now))),
                ending(
                                "erasure-list",
                                "Hashes of the ids of erased accounts",
                                "erasure where state = 'ERASED'",
                                new Term(
                                        erasures.remembered(),
                                        "at",
                                        remembered,
                                        DELETE,
                                        now -> store.delete("erasure", remembered, now)))
                        .withItem("encode(account_hash, 'hex')"));
    }

    @Override
    public List<RetentionClass> classes() {
        return classes;
    }
}
