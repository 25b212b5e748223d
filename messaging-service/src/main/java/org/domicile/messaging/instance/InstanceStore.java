package org.domicile.messaging.instance;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.domicile.platform.device.DeviceId;

/** The rows of {@code instance}, and what of {@code presence} names an instance. */
@ApplicationScoped
public class InstanceStore {
    private final Pool pool;

    @Inject
    public InstanceStore(Pool pool) {
        this.pool = pool;
    }

    /** Says that the instance is alive. @return whether it was not known: new, or forgotten meanwhile */
    Uni<Boolean> seen(UUID instance, URI address, Instant now) {
        return pool.preparedQuery("insert into instance (instance_id, address, seen) values ($1, $2, $3)"
                        + " on conflict (instance_id) do update set seen = excluded.seen, address = excluded.address"
                        + " returning old.instance_id is null as fresh")
                .execute(Tuple.of(instance, address.toString(), now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.iterator().next().getBoolean("fresh"));
    }

    /** Forgets the instances that were last seen before then, and the connections that they held. */
    Uni<Void> forget(Instant lastSeenBefore) {
        return pool.preparedQuery("with dead as (delete from instance where seen < $1 returning instance_id)"
                        + " delete from presence p using dead where p.instance_id = dead.instance_id")
                .execute(Tuple.of(lastSeenBefore.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** The address of the other instance that holds the device's connection. */
    Uni<Optional<URI>> holder(DeviceId device, UUID self) {
        return pool.preparedQuery("select i.address from presence p join instance i using (instance_id)"
                        + " where p.account_id = $1 and p.device_id = $2 and p.instance_id <> $3")
                .execute(Tuple.of(device.accountId().value(), device.value(), self))
                .map(rows -> {
                    var all = rows.iterator();
                    return all.hasNext() ? Optional.of(URI.create(all.next().getString("address"))) : Optional.empty();
                });
    }
}
