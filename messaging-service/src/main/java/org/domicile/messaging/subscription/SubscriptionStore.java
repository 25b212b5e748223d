package org.domicile.messaging.subscription;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FencedWrite;

/** The rows of {@code subscription} and {@code user_agent}. */
@ApplicationScoped
public class SubscriptionStore {
    private final Pool pool;

    @Inject
    public SubscriptionStore(Pool pool) {
        this.pool = pool;
    }

    public Uni<Optional<Subscription>> find(Capability capability) {
        return find(pool, capability);
    }

    public Uni<Optional<Subscription>> find(SqlClient client, Capability capability) {
        return client.preparedQuery("select device_id, channel_id, sender_key from subscription"
                        + " where account_id = $1 and capability_sha256 = $2")
                .execute(Tuple.of(capability.account().value(), Buffer.buffer(capability.sha256())))
                .map(rows -> {
                    var all = rows.iterator();
                    return all.hasNext()
                            ? Optional.of(subscription(capability.account(), all.next()))
                            : Optional.empty();
                });
    }

    /**
     * Where a message is going.
     *
     * @param holder the instance that holds the connection of the subscription's device
     * @param before the newest message that waits for the device already
     */
    public record Target(Optional<UUID> holder, Optional<UUID> before) {}

    /**
     * Asked in the transaction that stores for the subscription: a connection that begins later reads what that transaction has stored.
     *
     * @return fails with GONE if the subscription has ended meanwhile
     */
    public Uni<Target> target(FencedWrite write, Subscription subscription, Instant now) {
        return write.connection()
                .preparedQuery("select (select p.instance_id from presence p where p.account_id = $1"
                        + " and p.device_id = $2) as holder, (select m.message_id from message m"
                        + " where m.account_id = $1 and m.device_id = $2 and m.expires > $4"
                        + " order by m.version desc limit 1) as before"
                        + " from subscription where account_id = $1 and device_id = $2 and channel_id = $3")
                .execute(key(subscription).addOffsetDateTime(now.atOffset(ZoneOffset.UTC)))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new ProblemException(ErrorCode.GONE, "The device has ended this subscription.");
                    }
                    var row = rows.iterator().next();
                    return new Target(
                            Optional.ofNullable(row.getUUID("holder")), Optional.ofNullable(row.getUUID("before")));
                });
    }

    /** Whether the device is one of the account's, not revoked. */
    public Uni<Boolean> hasDevice(FencedWrite write, DeviceId device) {
        return write.connection()
                .preparedQuery("select from device_projection where account_id = $1 and devices @> $2")
                .execute(Tuple.of(
                        write.account().value(), new JsonArray().add(new JsonObject().put("deviceId", device.value()))))
                .map(rows -> rows.size() == 1);
    }

    public Uni<Integer> count(FencedWrite write, DeviceId device) {
        return write.connection()
                .preparedQuery(
                        "select count(*)::int as held from subscription where account_id = $1 and device_id = $2")
                .execute(Tuple.of(write.account().value(), device.value()))
                .map(rows -> rows.iterator().next().getInteger("held"));
    }

    /** Makes the subscription, or gives the existing one a new capability and sender. */
    public Uni<Void> put(FencedWrite write, Subscription subscription, Capability capability) {
        return write.connection()
                .preparedQuery("insert into subscription"
                        + " (account_id, device_id, channel_id, capability_sha256, sender_key, version, receipt_sha256)"
                        + " values ($1, $2, $3, $4, $5, $6, $7)"
                        + " on conflict (account_id, device_id, channel_id) do update set"
                        + " capability_sha256 = excluded.capability_sha256, sender_key = excluded.sender_key,"
                        + " version = excluded.version, receipt_sha256 = excluded.receipt_sha256")
                .execute(key(subscription)
                        .addBuffer(io.vertx.mutiny.core.buffer.Buffer.buffer(capability.sha256()))
                        .addValue(subscription
                                .senderKey()
                                .map(k -> Buffer.buffer(k.bytes()))
                                .orElse(null))
                        .addLong(write.version())
                        .addValue(Buffer.buffer(capability.receipts().sha256())))
                .replaceWithVoid();
    }

    /** Deletes the subscription and what waits for it. @return whether there was one */
    public Uni<Boolean> delete(FencedWrite write, DeviceId device, UUID channel) {
        return write.connection()
                .preparedQuery(end(" and channel_id = $4"))
                .execute(Tuple.of(write.account().value(), device.value(), write.version(), channel))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Deletes all subscriptions of the device and what waits for them. */
    public Uni<Void> deleteAll(FencedWrite write, DeviceId device) {
        return write.connection()
                .preparedQuery(end(""))
                .execute(Tuple.of(write.account().value(), device.value(), write.version()))
                .replaceWithVoid();
    }

    private static String end(String which) {
        var ofTheDevice = " where account_id = $1 and device_id = $2" + which;
        return "with waiting as (delete from message" + ofTheDevice + " returning message_id),"
                + " told as (update receipt r set status = 410, version = $3 from waiting"
                + " where r.account_id = $1 and r.message_id = waiting.message_id and r.status is null),"
                + " published as (delete from inbox" + ofTheDevice + ") delete from subscription" + ofTheDevice;
    }

    public Uni<Optional<UUID>> userAgent(DeviceId device) {
        return pool.preparedQuery("select uaid from user_agent where account_id = $1 and device_id = $2")
                .execute(Tuple.of(device.accountId().value(), device.value()))
                .map(rows -> {
                    var all = rows.iterator();
                    return all.hasNext() ? Optional.of(all.next().getUUID("uaid")) : Optional.empty();
                });
    }

    /** @return the new id, or the one that another connection made meanwhile */
    public Uni<UUID> addUserAgent(FencedWrite write, DeviceId device, UUID uaid) {
        return write.connection()
                .preparedQuery(
                        "insert into user_agent (account_id, device_id, uaid, version) values ($1, $2, $3, $4)"
                                + " on conflict (account_id, device_id) do update set version = excluded.version returning uaid")
                .execute(Tuple.of(write.account().value(), device.value(), uaid, write.version()))
                .map(rows -> rows.iterator().next().getUUID("uaid"));
    }

    /** Gives the device another id. @return it */
    public Uni<UUID> renewUserAgent(FencedWrite write, DeviceId device, UUID uaid) {
        return write.connection()
                .preparedQuery("update user_agent set uaid = $3, version = $4 where account_id = $1 and device_id = $2")
                .execute(Tuple.of(write.account().value(), device.value(), uaid, write.version()))
                .replaceWith(uaid);
    }

    private static Tuple key(Subscription subscription) {
        return Tuple.of(subscription.account().value(), subscription.device().value(), subscription.channel());
    }

    private static Subscription subscription(AccountId account, Row row) {
        return new Subscription(
                account,
                new DeviceId(row.getString("device_id")),
                row.getUUID("channel_id"),
                Optional.ofNullable(row.getBuffer("sender_key")).flatMap(b -> P256Key.of(b.getBytes())));
    }
}
