package org.domicile.account.profile;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Whether an identifier's account lives in this region. */
@ApplicationScoped
public class Lookup {
    /** One statement, whatever it finds: a known identifier must not take longer than an unknown one. */
    private static final String LIVES_HERE = "select exists (select from identifier i join fence f using (account_id)"
            + " where i.mac = any($1) and f.mode in ('OWN', 'FROZEN')) as here";

    private final IdentifierIndex index;
    private final Pool pool;

    @Inject
    public Lookup(IdentifierIndex index, Pool pool) {
        this.index = index;
        this.pool = pool;
    }

    Uni<Boolean> livesHere(Identifier identifier) {
        return index.sought(identifier)
                .flatMap(macs -> pool.preparedQuery(LIVES_HERE).execute(Tuple.of((Object) macs)))
                .map(rows -> rows.iterator().next().getBoolean("here"));
    }
}
