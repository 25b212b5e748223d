package org.domicile.messaging.queue;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.StreamSupport;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.instance.Instance;
import org.domicile.messaging.receipt.ReceiptStatus;
import org.domicile.messaging.subscription.P256Key;
import org.domicile.platform.device.DeviceId;

/** The rows of many devices' messages, written by one statement each. Statements stay below the 2,048 characters that the client caches. */
@ApplicationScoped
public class GroupStore {
    /**
     * Stores what may be stored: its endpoint is known, its sender the one that the subscription accepts, its subscription's backlog not
     * full. It runs after the accounts' fence rows are held, so that it sees every connection that will not read the rows later.
     */
    private static final String ACCEPT = "with asked as (select * from unnest($1::uuid[], $2::uuid[], $3::bytea[],"
            + " $4::bytea[], $5::bytea[], $6::bytea[], $7::timestamptz[], $8::bigint[], $12::smallint[]) as a"
            + " (account_id, message_id, capability_sha256, sender_key, location_sha256, body, expires, version, urgency)),"
            + " placed as (select a.*, s.device_id, s.channel_id, p.instance_id,"
            + " row_number() over (partition by a.account_id, s.device_id, s.channel_id order by a.version) as place"
            + " from asked a join subscription s on s.account_id = a.account_id"
            + " and s.capability_sha256 = a.capability_sha256"
            + " and (s.sender_key is null or s.sender_key = a.sender_key)"
            + " left join presence p on p.account_id = s.account_id and p.device_id = s.device_id),"
            + " fitting as (select * from placed n where place <= $9 and not exists (select from message m"
            + " where m.account_id = n.account_id and m.device_id = n.device_id and m.channel_id = n.channel_id"
            + " and m.expires > $10 offset greatest($9 - n.place, 0) limit 1)),"
            + " stored as (insert into message (account_id, message_id, device_id, channel_id, location_sha256, body,"
            + " expires, version, urgency) select account_id, message_id, device_id, channel_id, location_sha256, body,"
            + " expires, version, urgency from fitting)"
            + " select f.message_id, f.device_id, f.channel_id, f.instance_id, case when f.instance_id = $11 then"
            + " coalesce(lag(f.message_id) over (partition by f.account_id, f.device_id order by f.version),"
            + " (select m.message_id from message m where m.account_id = f.account_id and m.device_id = f.device_id"
            + " and m.expires > $10 order by m.version desc limit 1)) end as before"
            + " from fitting f order by f.version";

    /** Deletes what was taken and settles its receipts. */
    private static final String TAKE = "with taken as (select * from unnest($1::uuid[], $2::text[], $3::uuid[],"
            + " $4::bigint[], $5::smallint[]) as t (account_id, device_id, message_id, version, status)),"
            + " told as (update receipt r set status = t.status, version = t.version from taken t"
            + " where r.account_id = t.account_id and r.message_id = t.message_id and r.status is null)"
            + " delete from message m using taken t where m.account_id = t.account_id"
            + " and m.message_id = t.message_id and m.device_id = t.device_id";

    private final MessagingConfig config;
    private final Instance instance;
    private final Clock clock;

    @Inject
    public GroupStore(MessagingConfig config, Instance instance, Clock clock) {
        this.config = config;
        this.instance = instance;
        this.clock = clock;
    }

    GroupStore() {
        this(null, null, null);
    }

    /** A message that is to be stored. @param version its place in the queue */
    record Waiting(UUID id, Deposit deposit, OffsetDateTime expires, long version) {}

    /** A message that its device wants no more. */
    record Taken(DeviceId device, UUID id, ReceiptStatus receipt, long version) {}

    /**
     * A message that was stored.
     *
     * @param holder the instance that holds the device's connection
     * @param before where that is this one: the newest older message that waits for the device
     */
    record Stored(Message message, Optional<UUID> holder, Optional<UUID> before) {}

    /** @return those that were stored, in the order of their places */
    Uni<List<Stored>> accept(SqlConnection connection, List<Waiting> all) {
        if (all.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        var byId = new HashMap<UUID, Waiting>();
        all.forEach(waiting -> byId.put(waiting.id(), waiting));
        return connection
                .preparedQuery(ACCEPT)
                .execute(Tuple.from(new Object[] {
                    column(
                            all,
                            UUID[]::new,
                            w -> w.deposit().endpoint().account().value()),
                    column(all, UUID[]::new, Waiting::id),
                    column(
                            all,
                            Buffer[]::new,
                            w -> Buffer.buffer(w.deposit().endpoint().sha256())),
                    column(all, Buffer[]::new, GroupStore::sender),
                    column(
                            all,
                            Buffer[]::new,
                            w -> Buffer.buffer(w.deposit().location().sha256())),
                    column(all, Buffer[]::new, w -> Buffer.buffer(w.deposit().body())),
                    column(all, OffsetDateTime[]::new, Waiting::expires),
                    column(all, Long[]::new, Waiting::version),
                    (long) config.backlog(),
                    clock.instant().atOffset(ZoneOffset.UTC),
                    instance.id(),
                    column(all, Short[]::new, w -> w.deposit().urgency().rank())
                }))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> stored(row, byId.get(row.getUUID("message_id"))))
                        .toList());
    }

    Uni<Void> take(SqlConnection connection, List<Taken> all) {
        if (all.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return connection
                .preparedQuery(TAKE)
                .execute(Tuple.of(
                        column(all, UUID[]::new, t -> t.device().accountId().value()),
                        column(all, String[]::new, t -> t.device().value()),
                        column(all, UUID[]::new, Taken::id),
                        column(all, Long[]::new, Taken::version),
                        column(all, Short[]::new, t -> (short) t.receipt().code())))
                .replaceWithVoid();
    }

    private static <R, T> T[] column(List<R> rows, IntFunction<T[]> array, Function<R, T> value) {
        return rows.stream().map(value).toArray(array);
    }

    private static Buffer sender(Waiting waiting) {
        return waiting.deposit()
                .sender()
                .map(P256Key::bytes)
                .map(Buffer::buffer)
                .orElse(null);
    }

    private static Stored stored(Row row, Waiting waiting) {
        var account = waiting.deposit().endpoint().account();
        var message = new Message(
                waiting.id(),
                account,
                new DeviceId(row.getString("device_id")),
                row.getUUID("channel_id"),
                waiting.deposit().body(),
                waiting.expires().toInstant(),
                waiting.deposit().urgency(),
                true,
                false);
        return new Stored(
                message, Optional.ofNullable(row.getUUID("instance_id")), Optional.ofNullable(row.getUUID("before")));
    }
}
