package org.domicile.backup.retention;

import static org.domicile.platform.retention.RetentionClass.ending;
import static org.domicile.platform.retention.RetentionClass.ofTheAccount;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.domicile.backup.BackupConfig;
import org.domicile.backup.withdrawal.WithdrawalGrace;
import org.domicile.backup.withdrawal.Withdrawals;
import org.domicile.platform.erasure.ErasureConfig;
import org.domicile.platform.retention.ParticipantClasses;
import org.domicile.platform.retention.RetentionClass;
import org.domicile.platform.retention.RetentionClass.Term;
import org.domicile.platform.retention.RetentionTable;

/** All that cloud-backup-service stores, and until when. */
@ApplicationScoped
public class BackupRetention implements RetentionTable {
    private static final Duration PURGE = Duration.ofDays(1);
    private static final String TRASH =
            "(select account_id, trashed_at from blobs where state = 'TRASHED' union all select account_id, trashed_at"
                    + " from webdav_resources where trashed_at is not null) t join fence f using (account_id)"
                    + " where f.mode = 'OWN'";
    private static final String UNDER_WAY = "(select account_id, started_at from uploads where state = 'PENDING'"
            + " union all select account_id, started_at from webdav_uploads) t";

    private final List<RetentionClass> classes;

    @Inject
    public BackupRetention(
            BackupConfig config, WithdrawalGrace grace, Withdrawals withdrawals, ErasureConfig erasures) {
        this.classes = List.of(
                ofTheAccount("repositories", "restic repositories by name", "repositories"),
                ofTheAccount("blobs", "What restic stored: its names, sizes and objects", "blobs where state = 'LIVE'"),
                ofTheAccount("files", "Names and properties of WebDAV files; encrypted", "webdav_resources"),
                ofTheAccount("file-contents", "What WebDAV clients stored, encrypted in objects", "webdav_contents"),
                ofTheAccount("markets", "The market that the account was opened in", "account_market"),
                ofTheAccount("usage", "How many bytes are stored", "usage"),
                ofTheAccount("direct-urls", "Until when a URL for direct transfer can be used", "presigned"),
                ParticipantClasses.deviceUses(),
                ending(
                        "withdrawn-backups",
                        "Accounts that switched backup off, with all that is stored",
                        Withdrawals.STORED,
                        Term.measured(grace.longest(), Withdrawals.AT, withdrawals.end(), "WithdrawalPurge")),
                ending(
                        "trash",
                        "What a client deleted and its owner can restore",
                        TRASH,
                        Term.measuredAfter("trashed_at", config.trash(), "TrashPurge")),
                ending(
                        "uploads",
                        "Uploads under way",
                        UNDER_WAY,
                        Term.measuredAfter("started_at", config.pending(), "OrphanSweep")),
                ending(
                        "ended-uploads",
                        "Uploads whose device may not know how they ended",
                        "uploads where state = 'SETTLED'",
                        Term.measuredAfter("started_at", config.cleanup(), "OrphanSweep")),
                ending(
                        "purges",
                        "Backups that were withdrawn and whose objects are being deleted",
                        "purges",
                        Term.measuredAfter("started_at", PURGE, "WithdrawalPurge")),
                ParticipantClasses.erasureList(erasures));
    }

    @Override
    public List<RetentionClass> classes() {
        return classes;
    }
}
