package org.domicile.outside;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.region.ServiceIdentity;

/** The SQL of {@link Adoption}: fence rows by the directory's projection. */
@ApplicationScoped
public class AdoptionStore {
    private static final int BATCH = 500;

    private final Pool pool;
    private final ServiceIdentity identity;

    @Inject
    public AdoptionStore(Pool pool, ServiceIdentity identity) {
        this.pool = pool;
        this.identity = identity;
    }

    /** An account at home here, and the epoch of its fence row. */
    public record Adopted(AccountId account, long epoch) {}

    /** Notes which region this is: from now on the directory's projection makes fence rows (see {@code residency_changed}). */
    Uni<Void> begin() {
        return pool.preparedQuery("insert into attachment (region) values ($1) on conflict (one) do nothing")
                .execute(Tuple.of(identity.region()))
                .flatMap(done -> pool.query("select region from attachment").execute())
                .invoke(rows -> {
                    var region = rows.iterator().next().getString("region");
                    if (!region.equals(identity.region())) {
                        throw new IllegalStateException("This database belongs to region " + region
                                + ", and domicile.region is " + identity.region() + ": correct one of them");
                    }
                })
                .replaceWithVoid();
    }

    /** Accounts at home here that the migration-service has not been told of, a batch of them. */
    Uni<List<Adopted>> unconfirmed() {
        return pool.query(
                        "select n.account_id, coalesce(f.epoch, 0) as epoch from newcomer n left join fence f using (account_id)"
                                + " limit " + BATCH)
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new Adopted(new AccountId(row.getUUID("account_id")), row.getLong("epoch")))
                        .toList());
    }

    Uni<Void> confirmed(AccountId account) {
        return pool.preparedQuery("delete from newcomer where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }
}
