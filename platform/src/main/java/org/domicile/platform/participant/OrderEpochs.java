package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import org.domicile.platform.account.AccountId;

/** Under which epoch a service changes what it keeps outside its database, so that a request which arrives late is known as one. */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
public class OrderEpochs {
    /** That of the CLOSE while a copy is being closed, else that of the fence; 0 where there is no row. */
    public Uni<Long> of(SqlClient client, AccountId account) {
        return client.preparedQuery("select coalesce((t.closing ->> 'epoch')::bigint, f.epoch) as epoch from fence f"
                        + " left join transfer t using (account_id) where f.account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.rowCount() == 0 ? 0L : rows.iterator().next().getLong("epoch"));
    }
}
