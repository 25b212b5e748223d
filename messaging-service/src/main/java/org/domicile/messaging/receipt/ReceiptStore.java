package org.domicile.messaging.receipt;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.RoutingKeys;
import org.domicile.platform.fence.FencedWrite;

/** The rows of {@code receipt}: which messages a sender wants to know the end of, and what became of them. No content. */
@ApplicationScoped
public class ReceiptStore {
    /** The statement's end that gives up the receipts of the messages deleted by its {@code ended (message_id)}. */
    public static final String GIVE_UP = " update receipt r set status = 410, version = $2 from ended"
            + " where r.account_id = $1 and r.message_id = ended.message_id and r.status is null";

    private final Pool pool;
    private final RoutingKeys routing;

    @Inject
    public ReceiptStore(Pool pool, RoutingKeys routing) {
        this.pool = pool;
        this.routing = routing;
    }

    /** @param expectedUntil the message has ended unacknowledged if no acknowledgement came by then */
    public Uni<Void> expect(
            FencedWrite write,
            UUID message,
            Capability receipts,
            Capability location,
            Instant expectedUntil,
            Instant expires) {
        return write.connection()
                .preparedQuery("insert into receipt (account_id, message_id, receipt_sha256, location,"
                        + " message_expires, expires, version) values ($1, $2, $3, $4, $5, $6, $7)")
                .execute(Tuple.from(new Object[] {
                    write.account().value(),
                    message,
                    Buffer.buffer(receipts.sha256()),
                    Buffer.buffer(routing.bytes(location)),
                    expectedUntil.atOffset(ZoneOffset.UTC),
                    expires.atOffset(ZoneOffset.UTC),
                    write.version()
                }))
                .replaceWithVoid();
    }

    /** What became of the messages. */
    public Uni<Void> settle(FencedWrite write, Map<UUID, ReceiptStatus> messages) {
        var ids = List.copyOf(messages.keySet());
        return write.connection()
                .preparedQuery("update receipt r set status = s.status, version = $4"
                        + " from unnest($2::uuid[], $3::smallint[]) as s (message_id, status)"
                        + " where r.account_id = $1 and r.message_id = s.message_id and r.status is null")
                .execute(Tuple.of(
                        write.account().value(),
                        ids.toArray(UUID[]::new),
                        ids.stream().map(id -> (short) messages.get(id).code()).toArray(Short[]::new),
                        write.version()))
                .replaceWithVoid();
    }

    /** Whether receipts are fetched at this address. */
    Uni<Boolean> exists(Capability receipts) {
        return pool.preparedQuery("select exists (select from subscription where account_id = $1"
                        + " and receipt_sha256 = $2) or exists (select from receipt where account_id = $1"
                        + " and receipt_sha256 = $2) as known")
                .execute(key(receipts))
                .map(rows -> rows.iterator().next().getBoolean("known"));
    }

    /** The receipts that are ready, the oldest messages first. */
    Uni<List<Receipt>> ready(Capability receipts, Instant now, int limit) {
        return pool.preparedQuery("select message_id, location, coalesce(status, 410) as code from receipt"
                        + " where account_id = $1 and receipt_sha256 = $2"
                        + " and (status is not null or message_expires <= $3) order by message_id limit $4")
                .execute(key(receipts)
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
                        .addInteger(limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(ReceiptStore::receipt)
                        .toList());
    }

    Uni<Void> delete(FencedWrite write, Capability receipts, Collection<UUID> messages) {
        return write.connection()
                .preparedQuery(
                        "delete from receipt where account_id = $1 and receipt_sha256 = $2 and message_id = any($3)")
                .execute(key(receipts).addArrayOfUUID(messages.toArray(UUID[]::new)))
                .replaceWithVoid();
    }

    public Uni<Integer> deleteExpired(FencedWrite write, Instant now) {
        return write.connection()
                .preparedQuery("delete from receipt where account_id = $1 and expires <= $2")
                .execute(Tuple.of(write.account().value(), now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount());
    }

    private static Tuple key(Capability receipts) {
        return Tuple.of(receipts.account().value(), Buffer.buffer(receipts.sha256()));
    }

    private static Receipt receipt(Row row) {
        return new Receipt(
                row.getUUID("message_id"),
                RoutingKeys.text(row.getBuffer("location").getBytes()),
                row.getInteger("code"));
    }
}
