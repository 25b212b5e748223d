package org.domicile.local.bench;

import java.sql.SQLException;
import java.util.UUID;
import org.domicile.local.StackDescription;

/** Rows of blobs without objects, so that a long list can be timed without storing as many objects. */
final class SeededBlobs {
    private static final String INSERT =
            "insert into blobs (account_id, blob_id, version, repository, type, name, size, sha256, state, stored_at,"
                    + " generation) select ?, gen_random_uuid(), 1, ?, 'data', encode(sha256(n::text::bytea), 'hex'),"
                    + " 1000, encode(sha256(n::text::bytea), 'hex'), 'LIVE', now(), gen_random_uuid() from"
                    + " generate_series(1, ?) n";

    private final StackDescription.Region region;
    private final UUID account;
    private final String repository;

    SeededBlobs(StackDescription.Region region, UUID account, String repository) {
        this.region = region;
        this.account = account;
        this.repository = repository;
    }

    void insert(int count) throws SQLException {
        try (var connection = connect();
                var statement = connection.prepareStatement(INSERT)) {
            statement.setObject(1, account);
            statement.setString(2, repository);
            statement.setInt(3, count);
            statement.executeUpdate();
            // as the server does by itself a while after so many rows have come
            connection.createStatement().execute("vacuum (analyze) blobs");
        }
    }

    void delete() throws SQLException {
        try (var connection = connect();
                var statement =
                        connection.prepareStatement("delete from blobs where account_id = ? and repository = ?")) {
            statement.setObject(1, account);
            statement.setString(2, repository);
            statement.executeUpdate();
        }
    }

    private java.sql.Connection connect() throws SQLException {
        return connect(region);
    }

    /** To the database of a region's backup-service. */
    static java.sql.Connection connect(StackDescription.Region region) throws SQLException {
        return PostgresServer.of(region).connect("backup");
    }
}
