package org.domicile.messaging.instance;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;

/**
 * What instances tell each other, on a topic that every one of them reads whole: ids only, no content. An event is written in the
 * transaction that makes it true, so it is told even if its instance dies with it.
 */
@ApplicationScoped
public class WakeUps {
    /** Kept for an hour: who starts later reads the rows. */
    public static final String TOPIC = "messaging.wakeups";
    /** Data: {@code accountId}, {@code deviceId}, {@code connection}. */
    public static final String WAKE_UP = "org.domicile.messaging.wake-up.v1";
    /** Data: {@code accountId}. */
    public static final String ACCOUNT_CHANGED = "org.domicile.messaging.account-changed.v1";

    private final Pool pool;
    private final Outbox outbox;

    @Inject
    public WakeUps(Pool pool, Outbox outbox) {
        this.pool = pool;
        this.outbox = outbox;
    }

    /** Something waits for the device, whose connection another instance holds. */
    public Uni<Void> waiting(SqlConnection connection, DeviceId device) {
        return outbox.add(connection, event(device, 0));
    }

    /** The same for several devices. */
    public Uni<Void> waiting(SqlConnection connection, List<DeviceId> devices) {
        return devices.isEmpty()
                ? Uni.createFrom().voidItem()
                : outbox.add(
                        connection,
                        devices.stream().map(device -> event(device, 0)).toList());
    }

    /** The device has a newer connection here: who holds one with a smaller number ends it. */
    public Uni<Void> connected(DeviceId device, long number) {
        return pool.withTransaction(connection -> outbox.add(connection, event(device, number)));
    }

    /** Consent, devices or home of the account are not what they were: who holds its connections looks again. */
    public Uni<Void> changed(AccountId account) {
        var data = new JsonObject().put("accountId", account.toString());
        return pool.withTransaction(
                connection -> outbox.add(connection, new OutboxEvent(TOPIC, account, ACCOUNT_CHANGED, data)));
    }

    private static OutboxEvent event(DeviceId device, long number) {
        var account = device.accountId();
        var data = new JsonObject()
                .put("accountId", account.toString())
                .put("deviceId", device.value())
                .put("connection", number);
        return new OutboxEvent(TOPIC, account, WAKE_UP, data);
    }
}
