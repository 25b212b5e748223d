package org.domicile.platform.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import org.domicile.platform.note.NoteProfile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A session that nobody is behind any more ends, and with it the lock that it holds. */
@QuarkusTest
@TestProfile(NoteProfile.class)
class SessionLimitsIT {
    @Inject
    Pool pool;

    @ParameterizedTest
    @CsvSource({
        "idle_in_transaction_session_timeout, 5min",
        "tcp_keepalives_idle, 30",
        "tcp_keepalives_interval, 10",
        "tcp_keepalives_count, 3"
    })
    void every_session_of_the_service_has_them(String setting, String value) {
        var row = pool.query("show " + setting).executeAndAwait().iterator().next();

        assertEquals(value, row.getString(0));
    }
}
