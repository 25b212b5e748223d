package org.domicile.messaging.inbox;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.domicile.messaging.subscription.Subscription;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.fence.FencedWrite;

/** The rows of {@code inbox}. Found are only those of accounts that live here, and that have messaging switched on. */
@ApplicationScoped
public class InboxStore {
    private static final String FOUND = "select i.device_id, i.endpoint, i.p256dh, i.auth_secret from inbox i"
            + " join fence f on f.account_id = i.account_id and f.mode in ('OWN', 'FROZEN')"
            + " join consent_projection c on c.account_id = i.account_id"
            + " join device_projection d on d.account_id = i.account_id"
            + " where (c.features #>> '{messaging,granted}')::boolean"
            + " and d.devices @> jsonb_build_array(jsonb_build_object('deviceId', i.device_id)) and ";

    private final Pool pool;

    @Inject
    public InboxStore(Pool pool) {
        this.pool = pool;
    }

    Uni<Void> put(FencedWrite write, Subscription subscription, Inbox inbox) {
        return write.connection()
                .preparedQuery("insert into inbox"
                        + " (account_id, device_id, channel_id, endpoint, p256dh, auth_secret, version)"
                        + " values ($1, $2, $3, $4, $5, $6, $7) on conflict (account_id, device_id) do update set"
                        + " channel_id = excluded.channel_id, endpoint = excluded.endpoint, p256dh = excluded.p256dh,"
                        + " auth_secret = excluded.auth_secret, version = excluded.version")
                .execute(Tuple.from(new Object[] {
                    write.account().value(),
                    inbox.deviceId().value(),
                    subscription.channel(),
                    inbox.endpoint().toString(),
                    bytes(inbox.p256dh()),
                    bytes(inbox.auth()),
                    write.version()
                }))
                .replaceWithVoid();
    }

    Uni<List<Inbox>> of(AccountId account) {
        return pool.preparedQuery(FOUND + "i.account_id = $1 order by i.device_id")
                .execute(Tuple.of(account.value()))
                .map(InboxStore::inboxes);
    }

    /** Of the account whose consented blind index holds one of the hashes. */
    Uni<List<Inbox>> indexed(List<String> hashes) {
        return pool.preparedQuery(FOUND + "(c.features #>> '{discoverability,granted}')::boolean"
                        + " and c.features #> '{discoverability,index}' ?| $1 order by i.device_id")
                .execute(Tuple.of((Object) hashes.toArray(String[]::new)))
                .map(InboxStore::inboxes);
    }

    private static List<Inbox> inboxes(Iterable<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new Inbox(
                        new DeviceId(row.getString("device_id")),
                        URI.create(row.getString("endpoint")),
                        text(row.getBuffer("p256dh")),
                        text(row.getBuffer("auth_secret"))))
                .toList();
    }

    private static Buffer bytes(String base64) {
        return Buffer.buffer(Base64.getUrlDecoder().decode(base64));
    }

    private static String text(io.vertx.mutiny.core.buffer.Buffer bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.getBytes());
    }
}
