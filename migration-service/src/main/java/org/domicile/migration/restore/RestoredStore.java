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

    /** Notes that every other region has to be asked what happened since the last that these data know of. */
    Uni<Void> begin() {
        var others = regions.all().stream()
                .map(Region::id)
                .filter(id -> !regions.isSelf(id))
                .toArray(String[]::new);
        return pool.preparedQuery("insert into restored_unasked (region, since) select region,"
                        + " (select coalesce(max(at), 'epoch') - interval '1 hour' from directory_log)"
                        + " from unnest($1::text[]) region on conflict do nothing")
                .execute(Tuple.tuple().addValue(others))
                .replaceWithVoid();
    }

    /** Takes from the signed directory which accounts have left, and ends the moves that they left by. @return how many */
    Uni<Long> depart() {
        return pool.withTransaction(c -> c.preparedQuery("update directory d set home = r.home, epoch = r.epoch,"
                        + " state = 'AWAY', shadow_epoch = 0 from residency r where r.account_id = d.account_id"
                        + " and d.home = $1 and r.home <> $1 and r.epoch > d.epoch")
                .execute(Tuple.of(self()))
                .map(rows -> (long) rows.rowCount())
                .call(() -> end(c)));
    }

    /** Ends the moves of accounts that have left, as they must have ended. */
    private Uni<Void> end(SqlConnection connection) {
        return connection
                .preparedQuery("with ended as (update move m set settled = true,"
                        + " reason = 'the database was restored: the account lives in ' || d.home, state = case"
                        + " when m.target = d.home and m.state = any($2) then 'CUT_OVER'"
                        + " when m.source = d.home and m.state in ('SOAK', 'CHECKING', 'HELD', 'ROLLING_BACK')"
                        + " then 'ROLLED_BACK' when m.state = any($2) then 'ABORTED' else m.state end"
                        + " from directory d where d.account_id = m.account_id and d.home <> $1 and not m.settled"
                        + " and m.state <> 'CUT_OVER' returning m.*)"
                        + " insert into move_step (account_id, move_id, number, state, at, reason)"
                        + " select account_id, id, (select count(*) from move_step s where s.account_id ="
                        + " ended.account_id and s.move_id = ended.id), state, now(), reason from ended")
                .execute(Tuple.of(self(), BEFORE_CUT_OVER))
                .replaceWithVoid();
    }

    /** From now on these data are here. Of several instances that start on them one raises the epochs: the others find it done. */
    Uni<Void> reconciled() {
        return pool.withTransaction(connection -> DATABASE.changed(connection)
                .flatMap(changed -> changed
                        ? goOn(connection)
                                .chain(() -> raise(connection))
                                .chain(() -> askAnew(connection))
                                .chain(() -> DATABASE.remember(connection))
                        : Uni.createFrom().voidItem()));
    }

    /** What a region answered before knows nothing of the moves that rest from now on. */
    private static Uni<Void> askAnew(SqlConnection connection) {
        return connection
                .query("update restored_unasked set question = gen_random_uuid()")
                .execute()
                .replaceWithVoid();
    }

    /**
     * The epoch from which these data go on grows by a million a second, so that it is above all that were given out since the backup, and
     * since any restore of it before this one.
     */
    private static Uni<Void> goOn(SqlConnection connection) {
        return connection
                .query("delete from reconciliation")
                .execute()
                .chain(() -> connection
                        .query("insert into reconciliation (at, epoch) values (now(),"
                                + " (extract(epoch from now()) * 1048576)::bigint)")
                        .execute())
                .replaceWithVoid();
    }

    /**
     * No epoch is given out twice. A move that has not cut over rests, as its directory row does not name it any more: its target may
     * have taken the account. An erasure keeps its epoch, as nothing came after it.
     */
    private Uni<Void> raise(SqlConnection connection) {
        return connection
                .preparedQuery("update directory d set epoch = greatest((select epoch from reconciliation), 1048576 +"
                        + " greatest(d.epoch, (select r.epoch from residency r where r.account_id = d.account_id))),"
                        + " move_id = case when exists (select from move m where m.account_id = d.account_id"
                        + " and not m.settled and m.state = any($2)) then null else move_id end"
                        + " where home = $1 and state <> 'ERASING'")
                .execute(Tuple.of(self(), BEFORE_CUT_OVER))
                .replaceWithVoid();
    }

    /** Moves to a region that rest since the restore. */
    Uni<List<UUID>> restingTo(String region) {
        return pool.preparedQuery("select m.id from move m join directory d using (account_id) where d.home = $1"
                        + " and m.target = $2 and not m.settled and m.state = any($3)"
                        + " and d.move_id is distinct from m.id")
                .execute(Tuple.of(self(), region, BEFORE_CUT_OVER))
                .map(rows -> list(rows, row -> row.getUUID("id")));
    }

    /**
     * A region that was not restored is home of these accounts, whatever the signed directory says here yet: they have left, and the moves
     * that they left by have ended.
     *
     * @param took account → epoch since which they are there
     */
    Uni<Void> left(Unasked region, JsonObject took) {
        return ifReconciled(
                connection -> connection
                        .preparedQuery(
                                "with asking as (select from restored_unasked where region = $1 and question = $2"
                                        + " for update) update directory d set home = $1, epoch = t.value::bigint,"
                                        + " state = 'AWAY', shadow_epoch = 0 from asking, jsonb_each_text($3) t"
                                        + " where d.account_id = t.key::uuid and d.home = $4 and d.state <> 'ERASING'")
                        .execute(Tuple.of(region.region(), region.question(), took, self()))
                        .chain(() -> end(connection)),
                null);
    }

    /** A region that has to be asked, and since when. @param question another one after another restore */
    record Unasked(String region, Instant since, UUID question) {}

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
                                        row.getUUID("question")))),
                List.of());
    }

    /** Unless the database was restored once more since it was asked. */
    Uni<Void> asked(Unasked region) {
        return ifReconciled(
                connection -> connection
                        .preparedQuery("delete from restored_unasked where region = $1 and question = $2")
                        .execute(Tuple.of(region.region(), region.question()))
                        .replaceWithVoid(),
                null);
    }

    private <T> Uni<T> ifReconciled(Function<SqlConnection, Uni<T>> work, T otherwise) {
        return pool.withTransaction(connection -> DATABASE.changed(connection)
                .flatMap(changed -> changed ? Uni.createFrom().item(otherwise) : work.apply(connection)));
    }

    /** The moves by which accounts went from here to a region, for good as far as is known here. */
    Uni<List<UUID>> gaveTo(String region, Instant since) {
        return pool.preparedQuery("select m.id from move m join directory d using (account_id) where m.source = $1"
                        + " and m.target = $2 and m.state = 'CUT_OVER' and d.state = 'AWAY' and d.home = $2"
                        + " and d.epoch = m.home_epoch"
                        + " and exists (select from move_step s where s.account_id = m.account_id and s.move_id = m.id"
                        + " and s.state = 'CUT_OVER' and s.at >= $3)")
                .execute(Tuple.of(self(), region, since.atOffset(ZoneOffset.UTC)))
                .map(rows -> list(rows, row -> row.getUUID("id")));
    }

    /** Accounts that came here from a region, with the epoch since which this is their home. */
    Uni<Map<String, Long>> tookFrom(String region, Instant since) {
        return pool.preparedQuery("select distinct d.account_id, m.home_epoch from directory d join move m"
                        + " using (account_id) where d.home = $1 and m.source = $2 and m.target = $1"
                        + " and m.home_epoch > 0 and exists (select from move_step s"
                        + " where s.account_id = m.account_id and s.move_id = m.id and s.state = 'CUT_OVER'"
                        + " and s.at >= $3)")
                .execute(Tuple.of(self(), region, since.atOffset(ZoneOffset.UTC)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(
                                row -> row.getUUID("account_id").toString(),
                                row -> row.getLong("home_epoch"),
                                Math::max)));
    }

    /** Accounts of a region of which participants here began to make a copy, for a move that has not brought the baton. */
    Uni<List<AccountId>> copiesFor(String region) {
        return pool.preparedQuery("select d.account_id from directory d where d.state = 'AWAY' and d.home = $2"
                        + " and not exists (select from move m where m.account_id = d.account_id and m.source = $1"
                        + " and m.target = $2 and m.state = 'CUT_OVER') and exists (select from ack a"
                        + " where a.account_id = d.account_id and a.region = $1 and a.replaced_at is null"
                        + " and a.body ->> 'mode' in ('SHADOW', 'CLOSED'))")
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
