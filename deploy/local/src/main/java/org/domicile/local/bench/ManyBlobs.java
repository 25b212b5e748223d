package org.domicile.local.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** Blobs of no bytes, that move like others: a row with a version of its own at the source, an object at the target. */
final class ManyBlobs {
    private static final String COUNT_ON =
            "update fence set version = version + ? where account_id = ? returning version - ?";
    private static final String INSERT =
            "insert into blobs (account_id, blob_id, version, repository, type, name, size, sha256, state, stored_at,"
                    + " generation) select ?, gen_random_uuid(), ? + n, ?, 'data', encode(sha256(n::text::bytea), 'hex'),"
                    + " 0, encode(sha256(''::bytea), 'hex'), 'LIVE', now(), gen_random_uuid() from generate_series(1, ?)"
                    + " n";

    private final Connection backup;

    /** @param backup a connection to the database of the source's backup-service */
    ManyBlobs(Connection backup) {
        this.backup = backup;
    }

    void insert(UUID account, String repository, int count) throws SQLException {
        backup.setAutoCommit(false);
        try (var counter = backup.prepareStatement(COUNT_ON);
                var blobs = backup.prepareStatement(INSERT)) {
            counter.setInt(1, count);
            counter.setObject(2, account);
            counter.setInt(3, count);
            var version = counter.executeQuery();
            version.next();
            blobs.setObject(1, account);
            blobs.setLong(2, version.getLong(1));
            blobs.setString(3, repository);
            blobs.setInt(4, count);
            blobs.executeUpdate();
        }
        backup.commit();
    }
}
