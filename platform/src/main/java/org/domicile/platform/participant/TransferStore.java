package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.participant.Transfer.Brace;
import org.domicile.platform.participant.Transfer.Looked;
import org.domicile.platform.participant.Transfer.Task;
import org.domicile.platform.trace.TraceParent;

/** The SQL of {@link Transfer}: what is to do, how far it is, and who is doing it (a lease, so that one instance does). */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
class TransferStore {
    private static final int MAC_KEY_LENGTH = 32;
    private static final String LEASE = "10 seconds";

    private final Pool pool;
    private final SecureRandom random;
    private final UUID owner = UUID.randomUUID();

    @Inject
    TransferStore(Pool pool, SecureRandom random) {
        this.pool = pool;
        this.random = random;
    }

    private static final String COLUMNS =
            "task, shadow_epoch, grant_jws, closing, mac_key, cursors, records, bytes, ack,"
                    + " trace, braced, level, digests, shadow, source_counter, rested_millis";

    private static final String READ = "select " + COLUMNS + " from transfer where account_id = $1";

    Uni<Transfer> read(SqlClient client, AccountId account) {
        return read(client, account, READ);
    }

    /**
     * And holds it, as {@link #lock} does: who digests records of a source holds this row first, or would wait for another who does for as
     * long as that one waits for him.
     */
    Uni<Transfer> readLocked(SqlConnection connection, AccountId account) {
        return read(connection, account, READ + " for update");
    }

    private static Uni<Transfer> read(SqlClient client, AccountId account, String sql) {
        return client.preparedQuery(sql)
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() == 0
                        ? Transfer.NONE
                        : transfer(rows.iterator().next()));
    }

    /** Starts a move's record anew: at the target when it becomes a shadow. */
    Uni<Void> begin(SqlConnection connection, FenceCommand command, String grant) {
        return connection
                .preparedQuery("insert into transfer (account_id, task, shadow_epoch, grant_jws, trace)"
                        + " values ($1, 'COPY', $2, $3, $4) on conflict (account_id) do update set task = 'COPY',"
                        + " trace = excluded.trace,"
                        + " shadow_epoch = excluded.shadow_epoch, grant_jws = excluded.grant_jws, closing = null,"
                        + " mac_key = null, cursors = '{}', records = 0, bytes = 0, unequal = 0, ack = null,"
                        + " rest_until = 'epoch', source_counter = null, rested_millis = null")
                .execute(Tuple.of(command.accountId().value(), command.epoch(), grant, TraceParent.current()))
                .flatMap(r -> dropMacs(connection, command.accountId()));
    }

    /** Notes that the copy is to be compared with its home, which the command opens for that. */
    Uni<Void> check(SqlConnection connection, FenceCommand command, String grant) {
        return connection
                .preparedQuery(
                        "insert into transfer (account_id, task, shadow_epoch, grant_jws) values ($1, 'CHECK', $2, $3)"
                                + " on conflict (account_id) do update set task = 'CHECK', shadow_epoch ="
                                + " excluded.shadow_epoch, grant_jws = excluded.grant_jws, closing = null, mac_key = null,"
                                + " rest_until = 'epoch'")
                .execute(Tuple.of(command.accountId().value(), command.epoch(), grant))
                .replaceWithVoid();
    }

    /** Counts a comparison that did not end in equal. @return how many have not, in this copy */
    Uni<Integer> unequal(AccountId account) {
        return pool.preparedQuery("update transfer set unequal = unequal + 1 where account_id = $1 returning unequal")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getInteger("unequal"));
    }

    /** Starts the record of the way back: the old home has everything up to this version, and copies what comes after. */
    Uni<Void> feed(SqlConnection connection, FenceCommand command, String grant, long version) {
        return begin(connection, command, grant)
                .flatMap(v -> connection
                        .preparedQuery("update transfer set cursors = jsonb_build_object('" + Transfer.BASE
                                + "', $2::bigint) where account_id = $1")
                        .execute(Tuple.of(command.accountId().value(), version)))
                .replaceWithVoid();
    }

    /** The MAC key of the move with this shadow epoch, made when it is first asked for at the source; the row is held. */
    Uni<byte[]> macKey(SqlConnection connection, AccountId account, long shadowEpoch) {
        return readLocked(connection, account).flatMap(known -> macKey(connection, account, shadowEpoch, known));
    }

    /** The same with the row at hand. */
    Uni<byte[]> macKey(SqlConnection connection, AccountId account, long shadowEpoch, Transfer known) {
        return Uni.createFrom().deferred(() -> {
            if (known.shadowEpoch() == shadowEpoch && known.macKey() != null) {
                return Uni.createFrom().item(known.macKey());
            }
            var key = new byte[MAC_KEY_LENGTH];
            random.nextBytes(key);
            return connection
                    .preparedQuery("insert into transfer (account_id, shadow_epoch, mac_key) values ($1, $2, $3)"
                            + " on conflict (account_id) do update set shadow_epoch = excluded.shadow_epoch,"
                            + " mac_key = excluded.mac_key, cursors = '{}'")
                    .execute(Tuple.of(account.value(), shadowEpoch, Buffer.buffer(key)))
                    .flatMap(r -> dropMacs(connection, account))
                    .replaceWith(key);
        });
    }

    Uni<Void> keepMacKey(SqlClient client, AccountId account, byte[] key) {
        return client.preparedQuery("update transfer set mac_key = $2 where account_id = $1")
                .execute(Tuple.of(account.value(), Buffer.buffer(key)))
                .replaceWithVoid();
    }

    Uni<Void> task(SqlConnection connection, AccountId account, Task task) {
        return connection
                .preparedQuery("insert into transfer (account_id, task, trace) values ($1, $2, $3)"
                        + " on conflict (account_id) do update set task = excluded.task, closing = null, rest_until = 'epoch',"
                        + " trace = excluded.trace")
                .execute(Tuple.of(account.value(), task == null ? null : task.name(), TraceParent.current()))
                .replaceWithVoid();
    }

    /** What is kept outside the database needs no look at this epoch's fence any more. */
    Uni<Void> braced(SqlClient client, AccountId account, Brace brace) {
        return client.preparedQuery("update transfer set braced = $2, level = $3, digests = $4, shadow = $5"
                        + " where account_id = $1")
                .execute(Tuple.of(account.value(), brace.epoch(), brace.level(), brace.digests(), brace.shadow()))
                .replaceWithVoid();
    }

    /** What the shadow said that it had when it was braced for this epoch, as the source was. */
    Uni<Void> bracedThere(AccountId account, long epoch, JsonObject shadow) {
        return pool.preparedQuery("update transfer set shadow = $3 where account_id = $1 and braced = $2")
                .execute(Tuple.of(account.value(), epoch, shadow))
                .replaceWithVoid();
    }

    /** Taken before records are read to be digested: a MAC of what is no longer there would come after what a brace has kept. */
    Uni<Void> lock(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("select from transfer where account_id = $1 for update")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    Uni<Void> closing(SqlConnection connection, AccountId account, FenceCommand command) {
        return connection
                .preparedQuery("update transfer set closing = $2, rest_until = 'epoch' where account_id = $1")
                .execute(Tuple.of(account.value(), JsonObject.mapFrom(command)))
                .replaceWithVoid();
    }

    /** Notes what a pass has copied. */
    Uni<Void> copied(
            SqlConnection connection, AccountId account, String recordClass, long cursor, long records, long bytes) {
        return connection
                .preparedQuery("update transfer set cursors = cursors || jsonb_build_object($2::text, $3::bigint),"
                        + " records = records + $4, bytes = bytes + $5 where account_id = $1")
                .execute(Tuple.of(account.value(), recordClass, cursor, records, bytes))
                .replaceWithVoid();
    }

    /** Keeps what was said, and leaves nothing to do. */
    Uni<Void> sealed(SqlConnection connection, AccountId account, JsonObject ack) {
        return connection
                .preparedQuery("update transfer set ack = $2, task = null, closing = null where account_id = $1")
                .execute(Tuple.of(account.value(), ack))
                .replaceWithVoid();
    }

    Uni<Void> acknowledged(SqlConnection connection, AccountId account, JsonObject ack) {
        return connection
                .preparedQuery("insert into transfer (account_id, ack) values ($1, $2)"
                        + " on conflict (account_id) do update set ack = excluded.ack")
                .execute(Tuple.of(account.value(), ack))
                .replaceWithVoid();
    }

    /** Takes or renews the lease of an account's task. @return empty if another instance holds it, or there is none */
    Uni<Optional<Transfer>> lease(AccountId account) {
        return lease(account, " and task is not null");
    }

    /** The same where there is no task. */
    Uni<Boolean> leaseIdle(AccountId account) {
        return lease(account, " and task is null").map(Optional::isPresent);
    }

    private Uni<Optional<Transfer>> lease(AccountId account, String condition) {
        return pool.preparedQuery("update transfer set lease_owner = $2, lease_until = now() + interval '" + LEASE
                        + "',"
                        + " rest_until = 'epoch' where account_id = $1" + condition
                        + " and (lease_until is null or lease_until < now() or lease_owner = $2) returning " + COLUMNS)
                .execute(Tuple.of(account.value(), owner))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(TransferStore::transfer)
                        .findFirst());
    }

    /** Keeps the leases of tasks that are being done here. */
    Uni<Void> renew(Collection<AccountId> accounts) {
        var ids = accounts.stream().map(AccountId::value).toArray(UUID[]::new);
        return pool.preparedQuery("update transfer set lease_until = now() + interval '" + LEASE + "'"
                        + " where account_id = any($1) and lease_owner = $2 and lease_until is not null")
                .execute(Tuple.of(ids, owner))
                .replaceWithVoid();
    }

    Uni<Void> release(AccountId account) {
        return pool.preparedQuery("update transfer set lease_until = null where account_id = $1 and lease_owner = $2")
                .execute(Tuple.of(account.value(), owner))
                .replaceWithVoid();
    }

    /**
     * Lets a copy rest, in the database alone, unless an order came meanwhile.
     *
     * @param transfer as it was when its step began
     */
    Uni<Boolean> rest(AccountId account, Transfer transfer, Looked looked) {
        return pool.preparedQuery("update transfer set lease_until = null,"
                        + " rest_until = now() + make_interval(secs => $3::bigint / 1000.0), rested_millis = $3,"
                        + " source_counter = $4 where account_id = $1 and lease_owner = $2 and task = 'COPY'"
                        + " and shadow_epoch = $5 and closing is null")
                .execute(Tuple.of(
                        account.value(), owner, looked.rest().toMillis(), looked.counter(), transfer.shadowEpoch()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Tasks whose time has come and that no other instance is at, the longest due first. */
    Uni<List<AccountId>> due(int limit) {
        return pool.preparedQuery("select account_id from transfer where task is not null"
                        + " and rest_until <= now()"
                        + " and (lease_until is null or lease_until < now() or lease_owner = $2)"
                        + " order by rest_until limit $1")
                .execute(Tuple.of(limit, owner))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(r -> new AccountId(r.getUUID("account_id")))
                        .toList());
    }

    Uni<Void> dropMacs(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("with gone as (delete from transfer_mac where account_id = $1)"
                        + " update transfer set digests = '{}', shadow = '{}', level = -1 where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    /** Forgets everything of the move but its last acknowledgement; the MAC key is destroyed. */
    Uni<Void> forget(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("update transfer set task = null, grant_jws = null, closing = null, mac_key = null,"
                        + " cursors = '{}' where account_id = $1")
                .execute(Tuple.of(account.value()))
                .flatMap(r -> dropMacs(connection, account));
    }

    private static Transfer transfer(Row row) {
        var task = row.getString("task");
        var closing = (JsonObject) row.getValue("closing");
        var key = row.getBuffer("mac_key");
        var rested = row.getLong("rested_millis");
        return new Transfer(
                task == null ? null : Task.valueOf(task),
                row.getLong("shadow_epoch"),
                row.getString("grant_jws"),
                closing == null ? null : closing.mapTo(FenceCommand.class),
                key == null ? null : key.getBytes(),
                (JsonObject) row.getValue("cursors"),
                row.getLong("records"),
                row.getLong("bytes"),
                (JsonObject) row.getValue("ack"),
                row.getString("trace"),
                new Brace(
                        row.getLong("braced"), row.getLong("level"), (JsonObject) row.getValue("digests"), (JsonObject)
                                row.getValue("shadow")),
                rested == null ? null : new Looked(row.getLong("source_counter"), Duration.ofMillis(rested)));
    }
}
