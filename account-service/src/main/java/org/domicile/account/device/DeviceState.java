package org.domicile.account.device;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;

/** An account's devices as {@code device.state} carries them: all of them, each time; revoked ones are absent. */
@ApplicationScoped
public class DeviceState {
    private final Outbox outbox;

    @Inject
    public DeviceState(Outbox outbox) {
        this.outbox = outbox;
    }

    /** Publishes the state as this transaction sees it. @param epoch of the account's fence row */
    public Uni<Void> publish(SqlConnection connection, AccountId account, long epoch) {
        return version(connection, account).flatMap(version -> connection
                .preparedQuery("select device_id, secret_sha256, append_only from device"
                        + " where account_id = $1 and revoked_at is null order by device_id")
                .execute(Tuple.of(account.value()))
                .flatMap(rows -> {
                    var devices = new JsonArray();
                    rows.forEach(row -> devices.add(new JsonObject()
                            .put("deviceId", row.getString("device_id"))
                            .put("secretSha256", row.getString("secret_sha256"))
                            .put("appendOnly", row.getBoolean("append_only"))));
                    var data = new JsonObject()
                            .put("accountId", account.toString())
                            .put("version", version)
                            .put("epoch", epoch)
                            .put("devices", devices);
                    return outbox.add(
                            connection, new OutboxEvent(Topics.DEVICE_STATE, account, Topics.DEVICE_STATE_V1, data));
                }));
    }

    /** The version of the state: that of the device row written last, 0 without one. */
    public Uni<Long> version(SqlClient client, AccountId account) {
        return client.preparedQuery("select coalesce(max(version), 0) as version from device where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getLong("version"));
    }
}
