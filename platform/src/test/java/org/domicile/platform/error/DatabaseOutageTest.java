package org.domicile.platform.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseOutageTest {
    @ParameterizedTest
    @ValueSource(strings = {"53300", "57P01", "57P02", "57P03", "08006"})
    void a_server_that_takes_no_sessions_is_an_outage(String state) {
        assertTrue(DatabaseOutage.isOne(new PgException("no", "FATAL", state, null)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "57014", "42P01"})
    void a_statement_that_fails_is_none(String state) {
        assertFalse(DatabaseOutage.isOne(new PgException("no", "ERROR", state, null)));
    }

    @Test
    void a_connection_that_cannot_be_made_or_breaks_is_an_outage_and_503() {
        assertTrue(DatabaseOutage.isOne(ClosedConnectionException.INSTANCE));
        assertTrue(DatabaseOutage.isOne(new CompletionException(new ConnectException("refused"))));

        var problem = Problems.of(new ConnectException("refused")).problem();

        assertEquals(503, problem.status());
        assertEquals(5, problem.extensions().get(Problem.RETRY_AFTER));
    }

    @Test
    void a_connection_that_breaks_under_a_statement_leaves_its_outcome_unknown() {
        assertEquals(
                504, Problems.of(ClosedConnectionException.INSTANCE).problem().status());
        assertEquals(
                504,
                Problems.of(new CompletionException(new PgException("no", "FATAL", "08006", null)))
                        .problem()
                        .status());
    }

    @Test
    void a_session_that_the_server_ends_has_not_committed() {
        assertEquals(
                503,
                Problems.of(new PgException("no", "FATAL", "57P01", null))
                        .problem()
                        .status());
    }
}
