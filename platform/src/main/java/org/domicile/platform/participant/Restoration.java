package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.restore.DatabaseIdentity;

/**
 * Tells a restored or promoted database from one that has just been used (migration.md rule 14): the data remember in which cluster,
 * timeline, database and table they were last seen. What was restored starts with every row FROZEN; it is thawed once the erasure list
 * and the directory have been read to their ends, and only where this region is still the home. Accounts that have left since stay
 * frozen: nobody is served them, and the operator sees them in {@code domicile_restored_rows_held}.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class Restoration {
    private static final DatabaseIdentity DATABASE = new DatabaseIdentity("fence");

    private final Pool pool;
    private final ServiceIdentity identity;

    @Inject
    Restoration(Pool pool, ServiceIdentity identity) {
        this.pool = pool;
        this.identity = identity;
    }

    /** Freezes every row if the database is not the one that it was last seen to be. @return whether it did */
    Uni<Boolean> freezeIfRestored() {
        return pool.withTransaction(c -> DATABASE.changed(c)
                .call(changed -> changed
                        ? c.query("update fence set mode = 'FROZEN', restored = true where mode = 'OWN'")
                                .execute()
                        : Uni.createFrom().voidItem()));
    }

    /**
     * Thaws what is at home here, and remembers where the data are now. An account that any region lists as erased stays frozen: it may
     * have left since, and the rows of the directory that said so went with it.
     */
    Uni<Void> thaw() {
        return pool.withTransaction(c -> c.preparedQuery(
                        "update fence f set mode = 'OWN', restored = false"
                                + " where f.restored and f.mode = 'FROZEN' and not exists"
                                + " (select from residency r where r.account_id = f.account_id and r.home <> $1)"
                                + " and not exists (select from erased e where e.account_hash = sha256(uuid_send(f.account_id)))")
                .execute(Tuple.of(identity.region()))
                .chain(() -> DATABASE.remember(c)));
    }

    /** Rows of accounts that had left this region after the backup was taken. */
    Uni<Long> held() {
        return pool.query("select count(*) as count from fence where restored")
                .execute()
                .map(rows -> rows.iterator().next().getLong("count"));
    }
}
