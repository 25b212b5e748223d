package org.domicile.migration.restore;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveState;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.region.Region;
import org.domicile.platform.region.Regions;
import org.domicile.platform.restore.DatabaseIdentity;

/** What a restored directory has to be told, and what a region that was not restored can tell. */
@ApplicationScoped
class RestoredStore {
    private static final DatabaseIdentity DATABASE = new DatabaseIdentity("directory");

    private static final String[] BEFORE_CUT_OVER = Arrays.stream(MoveState.values())
            .filter(MoveState::mayAbort)
            .map(Enum::name)
            .toArray(String[]::new);

    private final Pool pool;
    private final Regions regions;

    @Inject
    RestoredStore(Pool pool, Regions regions) {
        this.pool = pool;
        this.regions = regions;
    }

    Uni<Boolean> restored() {
        return pool.withTransaction(DATABASE::changed);
    }

    /**
     * Notes that every other region has to be asked what happened since the last that these data know of; unless another instance has
     * reconciled them meanwhile.
     */
    Uni<Void> begin() {
        var others = regions.all().stream()
                .map(Region::id)
                .filter(id -> !regions.isSelf(id))
                .toArray(String[]::new);
        return ifNotReconciled(
                connection -> connection
                        .preparedQuery("insert into restored_unasked (region, since) select region,"
                                + " (select coalesce(max(at), 'epoch') - interval '1 hour' from directory_log)"
                                + " from unnest($1::text[]) region on conflict do nothing")
                        .execute(Tuple.tuple().addValue(others))
                        .replaceWithVoid(),
                null);
    }

    /** Takes from the signed directory which accounts have left, and ends the moves that they left by. @return how many */
    Uni<Long> depart() {
        return ifNotReconciled(
                c -> c.preparedQuery("update directory d set home = r.home, epoch = r.epoch,"
                                + " state = 'AWAY', shadow_epoch = 0 from residency r where r.account_id = d.account_id"
                                + " and d.home = $1 and r.home <> $1 and r.epoch > d.epoch")
                        .execute(Tuple.of(self()))
                        .map(rows -> (long) rows.rowCount())
                        .call(() -> end(c)),
                0L);
    }

    /** Ends the moves of accounts that have left, as they must have ended; what is handed over from here ends when that is acknowledged. */
    private Uni<Void> end(SqlConnection connection) {
        return connection
                .preparedQuery("with ended as (update move m set settled = true,"
                        + " reason = 'the database was restored: the account lives in ' || d.home, state = case"
                        + " when m.target = d.home and m.state = any($2) then 'CUT_OVER'"
                        + " when m.source = d.home"
                        + " and m.state in ('CUT_OVER', 'SOAK', 'CHECKING', 'HELD', 'ROLLING_BACK')"
                        + " then 'ROLLED_BACK' when m.state = any($2) then 'ABORTED' else m.state end"
                        + " from directory d where d.account_id = m.account_id and d.home <> $1 and not m.settled"
                        + " and (m.state <> 'CUT_OVER' or m.target = $1) returning m.*)"
                        + " insert into move_step (account_id, move_id, number, state, at, reason)"
                        + " select account_id, id, (select count(*) from move_step s where s.account_id ="
                        + " ended.account_id and s.move_id = ended.id), state, now(), reason from ended")
                .execute(Tuple.of(self(), BEFORE_CUT_OVER))
                .replaceWithVoid();
    }

    /** From now on these data are here. Of several instances that start on them one raises the epochs: the others find it done. */
    Uni<Void> reconciled() {
        return ifNotReconciled(
                connection -> goOn(connection)
                        .chain(() -> raise(connection))
                        .chain(() -> askAnew(connection))
                        .chain(() -> DATABASE.remember(connection)),
                null);
    }

    private <T> Uni<T> ifNotReconciled(Function<SqlConnection, Uni<T>> work, T otherwise) {
        return pool.withTransaction(connection -> DATABASE.changed(connection)
                .flatMap(changed ->
                        changed ? work.apply(connection) : Uni.createFrom().item(otherwise)));
    }

    /** What a region answered before knows nothing of the moves that rest from now on. */
    private static Uni<Void> askAnew(SqlConnection connection) {
        return connection
                .query("update restored_unasked set question = gen_random_uuid(), heard = false")
                .execute()
                .replaceWithVoid();
    }

    /**
     * The epoch from which these data go on grows by a million a second, so that it is above all that were given out since the backup, and
     * since any restore of it before this one; and it is above all that the signed directory names, should the clock have been ahead then.
     */
    private static Uni<Void> goOn(SqlConnection connection) {
        return connection
                .query("delete from reconciliation")
                .execute()
                .chain(() -> connection
                        .query("insert into reconciliation (at, epoch) values (now(),"
                                + " greatest((extract(epoch from now()) * 1048576)::bigint,"
                                + " (select max(epoch) from residency) + 1048576))")
                        .execute())
                .replaceWithVoid();
    }

    /**
     * No epoch is given out twice. A move that has not cut over rests ({@link Move#restsIn}), as its directory row does not name it any
     * more: its target may have taken the account. A purge that is waited for is waited for at the new epoch.
     */
    private Uni<Void> raise(SqlConnection connection) {
        return connection
                .preparedQuery("with raised as (update directory d set epoch = greatest("
                        + "(select epoch from reconciliation), 1048576 + greatest(d.epoch,"
                        + " (select r.epoch from residency r where r.account_id = d.account_id))),"
                        + " move_id = case when not exists (select from move m where m.account_id = d.account_id"
                        + " and not m.settled and m.state = any($2)) then d.move_id"
                        + " when d.state = 'IDLE' then gen_random_uuid() end"
                        + " from directory old where old.account_id = d.account_id and d.home = $1"
                        + " returning d.account_id, old.epoch as before, d.epoch) update move m set"
                        + " end_epoch = r.epoch from raised r where m.account_id = r.account_id and not m.settled"
                        + " and m.end_epoch = r.before")
                .execute(Tuple.of(self(), BEFORE_CUT_OVER))
                .replaceWithVoid();
    }

    /** Moves to a region that rest since the restore. */
    Uni<List<UUID>> restingTo(String region) {
        return pool.preparedQuery("select m.id from move m join directory d using (account_id) where d.home = $1"
                        + " and m.target = $2 and not m.settled and m.state = any($3)"
                        + " and d.move_id is distinct from m.id and (d.state <> 'IDLE' or d.move_id is not null)")
                .execute(Tuple.of(self(), region, BEFORE_CUT_OVER))
                .map(rows -> list(rows, row -> row.getUUID("id")));
    }

    /**
     * What a region that was not restored says. It was given these accounts, whatever the signed directory says here yet: they have left,
     * and the moves that they left by have ended; unless they have come back by a move that is known here. By one that is not, they come
     * back with its baton, which is brought again. Of an account that was opened since the backup nothing is known here yet.
     */
    Uni<Void> heard(Unasked region, Answer answer) {
        return ifReconciled(
                connection -> stands(connection, region)
                        .flatMap(stands -> stands
                                ? above(connection, answer.highest())
                                        .chain(() -> left(connection, region.region(), answer.took()))
                                        .chain(() -> noteCopies(connection, region.region(), answer.copies()))
                                : Uni.createFrom().voidItem()),
                null);
    }

    /**
     * What a region says of the accounts that go to and fro between it and the one that asks.
     *
     * @param took account → epoch since which they were there, perhaps before they went on, or back
     * @param copies accounts of which a copy was begun there for a move that has not cut over
     * @param highest no epoch above it is known there
     */
    record Answer(JsonObject took, List<AccountId> copies, long highest) {}

    /** Whether the database waits for the answer to this question, and not to one of after another restore; until the transaction ends. */
    Uni<Boolean> stands(SqlConnection connection, Unasked region) {
        return connection
                .preparedQuery("select from restored_unasked where region = $1 and question = $2 for share")
                .execute(Tuple.of(region.region(), region.question()))
                .map(rows -> rows.size() == 1);
    }

    /** The clock was ahead when the same backup was restored before. */
    private Uni<Void> above(SqlConnection connection, long highest) {
        return connection
                .preparedQuery("update reconciliation set epoch = $1 + 1048576 where epoch <= $1")
                .execute(Tuple.of(highest))
                .flatMap(rows -> rows.rowCount() == 0 ? Uni.createFrom().voidItem() : raise(connection));
    }

    private Uni<Void> left(SqlConnection connection, String region, JsonObject took) {
        return connection
                .preparedQuery("insert into directory (account_id, home, epoch, state, shadow_epoch)"
                        + " select t.key::uuid, $1, t.value::bigint, 'AWAY', 0 from jsonb_each_text($2) t"
                        + " where not exists (select from erasure where account_hash = sha256(uuid_send(t.key::uuid)))"
                        + " on conflict (account_id) do update set home = excluded.home, epoch = excluded.epoch,"
                        + " state = 'AWAY', shadow_epoch = 0 where (directory.home = $3"
                        + " or directory.epoch < excluded.epoch) and directory.state <> 'ERASING' and not exists (select from move m where"
                        + " m.account_id = directory.account_id and m.target = $3 and m.home_epoch > excluded.epoch)")
                .execute(Tuple.of(region, took, self()))
                .chain(() -> end(connection));
    }

    private static Uni<Void> noteCopies(SqlConnection connection, String region, List<AccountId> copies) {
        return connection
                .preparedQuery(
                        "insert into forgotten_move (account_id, region) select id, $1 from unnest($2::uuid[]) id"
                                + " where not exists (select from erasure where account_hash = sha256(uuid_send(id)))"
                                + " on conflict do nothing")
                .execute(Tuple.of(region, copies.stream().map(AccountId::value).toArray(UUID[]::new)))
                .replaceWithVoid();
    }

    /** What a forgotten move has left in a region: a copy, or a fence in this one. */
    record Leftover(AccountId account, String region) {}

    /** Those that can be dealt with now: once every region has answered, as the account may have left. */
    Uni<List<Leftover>> leftovers(int limit) {
        return ifReconciled(
                connection -> connection
                        .preparedQuery("select f.* from forgotten_move f join directory d using (account_id)"
                                + " where not exists (select from restored_unasked) and d.home = $1"
                                + " and (d.state in ('IDLE', 'SOAK', 'ERASING') or exists (select from move m"
                                + " where m.account_id = f.account_id and not m.settled"
                                + " and f.region in (m.source, m.target) and f.region <> $1)) limit $2")
                        .execute(Tuple.of(self(), limit))
                        .map(rows -> list(
                                rows,
                                row -> new Leftover(
                                        new AccountId(row.getUUID("account_id")), row.getString("region")))),
                List.of());
    }

    Uni<Void> dealtWith(SqlConnection connection, Leftover leftover) {
        return connection
                .preparedQuery("delete from forgotten_move where account_id = $1 and region = $2")
                .execute(Tuple.of(leftover.account().value(), leftover.region()))
                .replaceWithVoid();
    }

    /**
     * A region that has to be asked, and since when.
     *
     * @param question another one after another restore
     * @param heard it has answered, and others have not
     */
    record Unasked(String region, Instant since, UUID question, boolean heard) {}

    /** None while the database is not reconciled: which moves rest is not known before. */
    Uni<List<Unasked>> unasked() {
        return ifReconciled(
                connection -> connection
                        .query("select * from restored_unasked")
                        .execute()
                        .map(rows -> list(
                                rows,
                                row -> new Unasked(
                                        row.getString("region"),
                                        row.get(OffsetDateTime.class, "since").toInstant(),
                                        row.getUUID("question"),
                                        row.getBoolean("heard")))),
                List.of());
    }

    /** Nothing more is to come from it; unless the database was restored once more since it was asked. */
    Uni<Void> answered(Unasked region) {
        return ifReconciled(
                connection -> connection
                        .preparedQuery("update restored_unasked set heard = true where region = $1 and question = $2")
                        .execute(Tuple.of(region.region(), region.question()))
                        .replaceWithVoid(),
                null);
    }

    /**
     * Every region has answered, and no move rests any more: the directory knows who is home. A home that waits for its services waits at
     * the row's epoch. Services here that a forgotten move has fenced are noted; what they say later, {@code AckStore} notes.
     */
    Uni<Void> allAnswered() {
        return ifReconciled(
                connection -> connection
                        .query("delete from restored_unasked where not exists"
                                + " (select from restored_unasked where not heard)")
                        .execute()
                        .flatMap(rows -> rows.rowCount() == 0
                                ? Uni.createFrom().voidItem()
                                : awaitHomes(connection).chain(() -> noteFences(connection))),
                null);
    }

    private Uni<Void> awaitHomes(SqlConnection connection) {
        return connection
                .preparedQuery(
                        "update move m set home_epoch = d.epoch from directory d where d.account_id = m.account_id"
                                + " and d.home = $1 and m.target = $1 and m.state = 'CUT_OVER' and not m.settled"
                                + " and m.home_epoch < d.epoch")
                .execute(Tuple.of(self()))
                .replaceWithVoid();
    }

    private Uni<Void> noteFences(SqlConnection connection) {
        return connection
                .preparedQuery("insert into forgotten_move (account_id, region) select distinct d.account_id, $1"
                        + " from directory d join ack a using (account_id) where d.home = $1"
                        + " and d.state in ('IDLE', 'SOAK') and a.region = $1 and a.replaced_at is null"
                        + " and a.epoch < d.epoch and a.body ->> 'mode' in ('FROZEN', 'SHADOW') on conflict do nothing")
                .execute(Tuple.of(self()))
                .replaceWithVoid();
    }

    private <T> Uni<T> ifReconciled(Function<SqlConnection, Uni<T>> work, T otherwise) {
        return pool.withTransaction(connection -> DATABASE.changed(connection)
                .flatMap(changed -> changed ? Uni.createFrom().item(otherwise) : work.apply(connection)));
    }

    /**
     * The moves by which accounts went from here to a region, for good as far as is known here, in the order of their ids.
     *
     * @param after the last account that was told
     */
    Uni<List<UUID>> gaveTo(String region, Instant since, AccountId after, int limit) {
        return pool.preparedQuery("select m.id from move m join directory d using (account_id) where m.source = $1"
                        + " and m.target = $2 and m.state = 'CUT_OVER' and d.state = 'AWAY' and d.home = $2"
                        + " and d.epoch = m.home_epoch and m.account_id > $4"
                        + " and exists (select from move_step s where s.account_id = m.account_id and s.move_id = m.id"
                        + " and s.state = 'CUT_OVER' and s.at >= $3) order by m.account_id limit $5")
                .execute(Tuple.of(self(), region, since.atOffset(ZoneOffset.UTC), after.value(), limit))
                .map(rows -> list(rows, row -> row.getUUID("id")));
    }

    /**
     * What this region knows of another's accounts that the other's backup may not.
     *
     * @param gone whether accounts that were taken and are elsewhere now are told too
     */
    Uni<Answer> answer(String region, Instant since, boolean gone) {
        return Uni.combine()
                .all()
                .unis(tookFrom(region, since, gone), copiesFor(region), highest())
                .with((took, copies, highest) -> new Answer(new JsonObject(Map.copyOf(took)), copies, highest));
    }

    private Uni<Long> highest() {
        return pool.query("select greatest((select max(epoch) from command), (select max(epoch) from directory), 0)")
                .execute()
                .map(rows -> rows.iterator().next().getLong(0));
    }

    /** Accounts that came here from a region, wherever they are now, with the epoch since which this was their home, the last time. */
    private Uni<Map<String, Long>> tookFrom(String region, Instant since, boolean gone) {
        return pool.preparedQuery("select m.account_id, max(m.home_epoch) as epoch from move m where m.source = $2"
                        + " and m.target = $1 and m.home_epoch > 0 and exists (select from move_step s"
                        + " where s.account_id = m.account_id and s.move_id = m.id and s.state = 'CUT_OVER'"
                        + " and s.at >= $3) and ($4 or exists (select from directory d"
                        + " where d.account_id = m.account_id and d.home = $1)) group by m.account_id")
                .execute(Tuple.of(self(), region, since.atOffset(ZoneOffset.UTC), gone))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(
                                row -> row.getUUID("account_id").toString(), row -> row.getLong("epoch"))));
    }

    /** Accounts of a region of which participants here were told last to make a copy, for a move that has not brought the baton. */
    private Uni<List<AccountId>> copiesFor(String region) {
        return pool.preparedQuery("select distinct d.account_id from directory d join command c using (account_id)"
                        + " where d.state = 'AWAY' and d.home = $2 and c.region = $1 and c.operation = 'shadow'"
                        + " and not exists (select from command later where later.account_id = c.account_id"
                        + " and later.region = c.region and later.service = c.service and later.epoch > c.epoch"
                        + " and later.operation <> 'close')")
                .execute(Tuple.of(self(), region))
                .map(rows -> list(rows, row -> new AccountId(row.getUUID("account_id"))));
    }

    private String self() {
        return regions.self().id();
    }

    private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> read) {
        return StreamSupport.stream(rows.spliterator(), false).map(read).toList();
    }
}
