package org.domicile.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.testing.TestParts;
import org.junit.jupiter.api.Test;

/** On a server that lets commits return before they are on the disk. */
@QuarkusTest
@TestProfile(NoteProfile.class)
class DurableCommitsIT {
    private static final String SETTING = "select current_setting('synchronous_commit')";

    @Inject
    Pool pool;

    @Test
    void a_service_has_its_commits_on_the_disk_whatever_the_server_does_for_others() throws SQLException {
        assertEquals("off", ofAnother());

        assertEquals(
                "on", pool.query(SETTING).executeAndAwait().iterator().next().getString(0));
    }

    private static String ofAnother() throws SQLException {
        try (var connection = DriverManager.getConnection(
                        "jdbc:postgresql://localhost:" + TestParts.postgresPort() + "/postgres",
                        "postgres",
                        "postgres");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(SETTING)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
