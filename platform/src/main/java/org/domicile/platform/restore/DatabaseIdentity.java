package org.domicile.platform.restore;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import org.domicile.platform.sql.Pipeline;

/**
 * In which cluster, timeline, database and table the data of a service were last seen. A restore to a moment, a dump that is loaded
 * and a promotion change one of them; a copy of the disks does not, see docs/runbooks/restore-from-backup.md.
 *
 * @param table one that the service has always had
 */
public record DatabaseIdentity(String table) {
    /** Of several instances that ask at the same time, one at a time. @return whether it is another one than it was last; remembers the first that it sees */
    public Uni<Boolean> changed(SqlConnection connection) {
        return connection
                .query("select identity = (" + current() + ") as same from database_identity for update")
                .execute()
                .flatMap(rows -> rows.size() == 0
                        ? connection
                                .query("insert into database_identity (identity) " + current())
                                .execute()
                                .replaceWith(false)
                        : Uni.createFrom().item(!rows.iterator().next().getBoolean("same")));
    }

    /** From now on the data are here; every consumer begins anew, see {@link FromTheBeginning}. */
    public Uni<Void> remember(SqlConnection connection) {
        return Pipeline.inOrder(
                execute(connection, "update database_identity set identity = (" + current() + ")"),
                execute(connection, "delete from read_anew"),
                execute(
                        connection,
                        "insert into restored_data (at) values (now()) on conflict (one) do update set at = now()"));
    }

    private static Uni<Void> execute(SqlConnection connection, String statement) {
        return connection.query(statement).execute().replaceWithVoid();
    }

    private String current() {
        return "select concat_ws('/', (select system_identifier from pg_control_system()),"
                + " (select timeline_id from pg_control_checkpoint()),"
                + " (select oid from pg_database where datname = current_database()), '" + table + "'::regclass::oid)";
    }
}
