package org.domicile.platform.error;

import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.util.Set;
import java.util.concurrent.CompletionException;

/**
 * Failures that say nothing of the request: the database is down, starting, going down, full, or every connection to it stays taken.
 * The same request may succeed in a moment.
 */
final class DatabaseOutage {
    /** What the pool says when no connection came free in time. */
    private static final String POOL_TIMEOUT = "Timeout";
    /** SQLSTATE: too many connections; shutdown by the operator, after a crash; starting (PostgreSQL, appendix A). */
    private static final Set<String> STATES = Set.of("53300", "57P01", "57P02", "57P03");
    /** SQLSTATE class of broken connections. */
    private static final String CONNECTION = "08";

    private DatabaseOutage() {}

    /** Whether the statement may have been carried out, a commit too: only its answer is missing. */
    static boolean leavesUnknown(Throwable failure) {
        return switch (failure) {
            case PgException e -> e.getSqlState() != null && e.getSqlState().startsWith(CONNECTION);
            case ClosedConnectionException e -> true;
            case CompletionException e -> e.getCause() != null && leavesUnknown(e.getCause());
            default -> false;
        };
    }

    static boolean isOne(Throwable failure) {
        return switch (failure) {
            case PgException e ->
                e.getSqlState() != null
                        && (STATES.contains(e.getSqlState()) || e.getSqlState().startsWith(CONNECTION));
            case ClosedConnectionException e -> true;
            case ConnectException e -> true;
            case NoStackTraceThrowable e ->
                e.getMessage() != null && e.getMessage().startsWith(POOL_TIMEOUT);
            case CompletionException e -> e.getCause() != null && isOne(e.getCause());
            default -> false;
        };
    }
}
