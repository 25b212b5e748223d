package org.domicile.messaging.queue;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.messaging.receipt.ReceiptStore;
import org.domicile.messaging.subscription.Subscription;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.fence.FencedWrite;

/** The rows of {@code message}: what waits for a device, and nothing else. Oldest first is lowest version first. */
@ApplicationScoped
public class MessageStore {
    private final Pool pool;

    @Inject
    public MessageStore(Pool pool) {
        this.pool = pool;
    }

    Uni<Void> insert(FencedWrite write, Message message, Draft draft) {
        return write.connection()
                .preparedQuery("insert into message (account_id, message_id, device_id, channel_id, location_sha256,"
                        + " topic, body, expires, version, urgency) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
                .execute(Tuple.from(new Object[] {
                    message.account().value(),
                    message.id(),
                    message.device().value(),
                    message.channel(),
                    Buffer.buffer(draft.location().sha256()),
                    draft.topic().orElse(null),
                    Buffer.buffer(message.body()),
                    message.expires().atOffset(ZoneOffset.UTC),
                    write.version(),
                    message.urgency().rank()
                }))
                .replaceWithVoid();
    }

    /** Whether as many messages as the limit wait for the subscription already. */
    Uni<Boolean> isFull(FencedWrite write, Subscription subscription, int limit, Instant now) {
        return write.connection()
                .preparedQuery("select from message where account_id = $1 and device_id = $2 and channel_id = $3"
                        + " and expires > $4 offset $5 limit 1")
                .execute(key(subscription)
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
                        .addInteger(limit - 1))
                .map(rows -> rows.size() > 0);
    }

    /** Deletes the waiting message of the same topic (RFC 8030 section 5.4). */
    Uni<Void> deleteTopic(FencedWrite write, Subscription subscription, String topic) {
        return write.connection()
                .preparedQuery("with ended as (delete from message where account_id = $1 and device_id = $3"
                        + " and channel_id = $4 and topic = $5 returning message_id)" + ReceiptStore.GIVE_UP)
                .execute(Tuple.of(
                        write.account().value(),
                        write.version(),
                        subscription.device().value(),
                        subscription.channel(),
                        topic))
                .replaceWithVoid();
    }

    /** Deletes messages that their device has taken. */
    Uni<Void> delete(FencedWrite write, DeviceId device, Collection<UUID> ids) {
        return write.connection()
                .preparedQuery("delete from message where account_id = $1 and device_id = $2 and message_id = any($3)")
                .execute(Tuple.of(write.account().value(), device.value(), ids.toArray(UUID[]::new)))
                .replaceWithVoid();
    }

    /** Deletes the message that a sender cancels. @return whether it was still waiting */
    Uni<Boolean> deleteLocation(FencedWrite write, byte[] locationSha256) {
        return write.connection()
                .preparedQuery("with cancelled as (delete from message where account_id = $1 and location_sha256 = $2"
                        + " returning message_id), unwanted as (delete from receipt r using cancelled"
                        + " where r.account_id = $1 and r.message_id = cancelled.message_id)"
                        + " select count(*) as count from cancelled")
                .execute(Tuple.of(write.account().value(), Buffer.buffer(locationSha256)))
                .map(rows -> rows.iterator().next().getLong("count") == 1);
    }

    Uni<Integer> deleteExpired(FencedWrite write, Instant now) {
        return write.connection()
                .preparedQuery("delete from message where account_id = $1 and expires <= $2")
                .execute(Tuple.of(write.account().value(), now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount());
    }

    Uni<List<Message>> page(DeviceId device, Urgency least, Collection<UUID> without, int limit, Instant now) {
        return pool.preparedQuery("select message_id, channel_id, body, expires, urgency from message"
                        + " where account_id = $1 and device_id = $2 and expires > $3 and message_id <> all($4)"
                        + " and urgency >= $6 order by version limit $5")
                .execute(Tuple.of(
                        device.accountId().value(),
                        device.value(),
                        now.atOffset(ZoneOffset.UTC),
                        without.toArray(UUID[]::new),
                        limit,
                        least.rank()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> message(device, row))
                        .toList());
    }

    private static Tuple key(Subscription subscription) {
        return Tuple.of(subscription.account().value(), subscription.device().value(), subscription.channel());
    }

    private static Message message(DeviceId device, Row row) {
        return new Message(
                row.getUUID("message_id"),
                device.accountId(),
                device,
                row.getUUID("channel_id"),
                row.getBuffer("body").getBytes(),
                row.get(OffsetDateTime.class, "expires").toInstant(),
                Urgency.ranked(row.getShort("urgency")),
                true,
                false);
    }
}
