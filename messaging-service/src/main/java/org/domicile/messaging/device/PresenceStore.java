package org.domicile.messaging.device;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.domicile.messaging.instance.Instance;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;

/** The rows of {@code presence}: which instance holds a device's connection. */
@ApplicationScoped
public class PresenceStore {
    /** The fence row is held for a moment, so that a message being accepted is either waiting already or sees this connection. */
    private static final String ENTER = "with home as (select account_id from fence where account_id = $1"
            + " for no key update) insert into presence (account_id, device_id, instance_id, connection)"
            + " select account_id, $2, $3, (extract(epoch from clock_timestamp()) * 1000000)::bigint from home"
            + " on conflict (account_id, device_id) do update set instance_id = excluded.instance_id,"
            + " connection = greatest(excluded.connection, presence.connection + 1)"
            + " returning connection, old.instance_id as before, (select uaid from user_agent u"
            + " where u.account_id = $1 and u.device_id = $2) as uaid";

    private final Pool pool;
    private final Instance instance;

    @Inject
    public PresenceStore(Pool pool, Instance instance) {
        this.pool = pool;
        this.instance = instance;
    }

    /**
     * A connection that is known now.
     *
     * @param connection its number: a newer connection of the device has a greater one, in whatever instance
     * @param replaces whether another instance held the device's connection until now
     * @param uaid the device's, if it has one already
     */
    record Entered(long connection, boolean replaces, Optional<UUID> uaid) {}

    /** A connection that has ended. */
    record Ended(DeviceId device, long connection) {}

    /** @return empty if the account does not live here */
    Uni<Optional<Entered>> enter(DeviceId device) {
        return pool.preparedQuery(ENTER)
                .execute(Tuple.of(device.accountId().value(), device.value(), instance.id()))
                .map(rows -> {
                    var all = rows.iterator();
                    if (!all.hasNext()) {
                        return Optional.empty();
                    }
                    var row = all.next();
                    var before = row.getUUID("before");
                    return Optional.of(new Entered(
                            row.getLong("connection"),
                            before != null && !before.equals(instance.id()),
                            Optional.ofNullable(row.getUUID("uaid"))));
                });
    }

    /** Forgets connections that have ended, unless the device has a newer one. */
    Uni<Void> leave(Collection<Ended> ended) {
        return pool.preparedQuery("delete from presence p using unnest($1::uuid[], $2::text[], $3::bigint[])"
                        + " as e (account_id, device_id, connection) where p.account_id = e.account_id"
                        + " and p.device_id = e.device_id and p.connection = e.connection and p.instance_id = $4")
                .execute(Tuple.of(
                        ended.stream().map(e -> e.device().accountId().value()).toArray(UUID[]::new),
                        ended.stream().map(e -> e.device().value()).toArray(String[]::new),
                        ended.stream().map(Ended::connection).toArray(Long[]::new),
                        instance.id()))
                .replaceWithVoid();
    }

    /** Forgets the account's connections in the transaction that ends a purge. */
    public Uni<Void> purge(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("delete from presence where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }
}
