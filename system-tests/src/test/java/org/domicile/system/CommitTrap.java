package org.domicile.system;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.domicile.local.StackDescription;
import org.postgresql.PGConnection;

/**
 * A trigger that runs as the last thing before a commit: it lets the transaction that brings an account's row to a value wait there, or
 * tells that it has committed. The database does it, so the service that is to be killed is the one that is shipped.
 */
final class CommitTrap implements AutoCloseable {
    private static final Duration PATIENCE = PatientOperator.PATIENCE;
    private static final int LOOK_MILLIS = 5;
    private static final int KEY = 2014;
    private static final int COMMITTED = 0;
    private static final String CHANNEL = "commit_trap";
    /** As the definer: what the service's own role may see stays as it is. */
    private static final String TRAP = """
        create schema commit_trap;
        create table commit_trap.trap (account text, value text, before boolean);
        create function commit_trap.spring() returns trigger language plpgsql security definer as $$
        declare trap commit_trap.trap;
        begin
          select * into trap from commit_trap.trap where account = new.%5$s::text and value = new.%2$s;
          if not found then
            return null;
          end if;
          if trap.before then
            perform pg_advisory_xact_lock_shared(%3$d);
          else
            perform pg_notify('%4$s', '');
          end if;
          return null;
        end $$;
        create constraint trigger commit_trap after insert on %1$s deferrable initially deferred
          for each row execute function commit_trap.spring();
        create constraint trigger commit_trap_update after update on %1$s deferrable initially deferred
          for each row when (old.%2$s is distinct from new.%2$s) execute function commit_trap.spring();
        alter table %1$s enable always trigger commit_trap, enable always trigger commit_trap_update;
        """;

    /** Locks the table first, as a commit does that springs the trap. */
    private static final String REMOVAL = """
        drop trigger if exists commit_trap on %1$s;
        drop trigger if exists commit_trap_update on %1$s;
        drop schema if exists commit_trap cascade;
        """;

    private static final String STOPPED = "select pid from pg_locks where locktype = 'advisory' and objid = " + KEY
            + " and not granted and database = (select oid from pg_database where datname = current_database())";

    private final Connection connection;
    private final Table table;

    /**
     * Whose rows spring a trap.
     *
     * @param account the column that names the account, or is {@link #HASH}
     * @param value the column that changes
     */
    record Table(String name, String account, String value) {
        /** The SHA-256 of an account's id, where the id itself is not kept. */
        static final String HASH = "account_hash";

        private String select() {
            return account.equals(HASH) ? "sha256(uuid_send(?))::text" : "?::text";
        }
    }

    /**
     * One transaction springs it: the one that brings the account's row to the value.
     *
     * @param before the commit it is stopped, else it is told when it has committed
     */
    CommitTrap(StackDescription.Region region, String database, Table table, UUID account, String value, boolean before)
            throws SQLException {
        this.connection = Databases.connect(region, database);
        this.table = table;
        execute("listen " + CHANNEL);
        // of a run that was ended
        execute(REMOVAL.formatted(table.name()));
        execute("select pg_advisory_lock(" + KEY + ")");
        execute(TRAP.formatted(table.name(), table.value(), KEY, CHANNEL, table.account()));
        try (var trap =
                connection.prepareStatement("insert into commit_trap.trap values (" + table.select() + ", ?, ?)")) {
            trap.setObject(1, account);
            trap.setString(2, value);
            trap.setBoolean(3, before);
            trap.executeUpdate();
        }
    }

    /** @return the transaction that waits in its commit */
    int awaitStopped() throws SQLException, InterruptedException {
        var end = Instant.now().plus(PATIENCE);
        while (true) {
            try (var statement = connection.createStatement();
                    var stopped = statement.executeQuery(STOPPED)) {
                if (stopped.next()) {
                    return stopped.getInt(1);
                }
            }
            inTime(end);
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** @return no transaction: it has committed */
    int awaitCommitted() throws SQLException {
        var end = Instant.now().plus(PATIENCE);
        var told = connection.unwrap(PGConnection.class);
        while (true) {
            var notifications = told.getNotifications(1_000);
            if (notifications != null && notifications.length > 0) {
                return COMMITTED;
            }
            inTime(end);
        }
    }

    /** The process is gone: its transaction ends as the server ends those of clients that are, and nothing springs the trap again. */
    void end(int stopped) throws SQLException {
        execute("delete from commit_trap.trap");
        if (stopped != COMMITTED) {
            execute("select pg_terminate_backend(" + stopped + ")");
        }
        execute("select pg_advisory_unlock(" + KEY + ")");
    }

    private static void inTime(Instant end) {
        if (Instant.now().isAfter(end)) {
            throw new AssertionError("the transition did not come");
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            execute(REMOVAL.formatted(table.name()));
        }
    }
}
