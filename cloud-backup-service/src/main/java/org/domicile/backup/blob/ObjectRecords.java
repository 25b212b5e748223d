package org.domicile.backup.blob;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.ObjectSource;
import org.domicile.platform.participant.TableRecordClass;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Rows with objects, as they move. Objects are copied, under a generation of their own in each region, before the record is applied.
 * After a purge the store itself is asked, page by page, for what is left.
 */
public abstract class ObjectRecords extends TableRecordClass {
    private final Shape shape;
    private final ObjectStore objects;

    /**
     * Where a class lies.
     *
     * @param name of the class
     * @param table of its rows
     * @param id column of the table beside the account
     * @param root of its objects
     * @param uploads table of uploads under way
     * @param fetched table of copied objects
     * @param parallel objects copied at once
     */
    public record Shape(
            String name, String table, String id, String root, String uploads, String fetched, int parallel) {}

    protected ObjectRecords(Pool pool, ObjectStore objects, Shape shape) {
        super(
                pool,
                shape.name(),
                shape.table(),
                List.of(shape.id()),
                List.of("generation", "verified_at", "damaged_at"));
        this.shape = shape;
        this.objects = objects;
    }

    protected ObjectStore objects() {
        return objects;
    }

    @Override
    public Uni<Long> fetch(AccountId account, List<DataRecord> records, ObjectSource source) {
        return Multi.createFrom()
                .iterable(records)
                .onItem()
                .transformToUni(record -> fetch(account, record, source))
                .merge(shape.parallel())
                .collect()
                .with(Collectors.summingLong(Long::longValue));
    }

    private Uni<Long> fetch(AccountId account, DataRecord record, ObjectSource source) {
        var id = id(record);
        return generation(pool(), account, id)
                .flatMap(known -> known.isPresent()
                        ? Uni.createFrom().voidItem()
                        : copy(account, record, source).flatMap(generation -> note(account, id, generation)))
                .replaceWith(record.data().getLong("size"));
    }

    /** Copies and verifies a record's objects. @return their generation here */
    protected abstract Uni<UUID> copy(AccountId account, DataRecord record, ObjectSource source);

    private Uni<Void> note(AccountId account, UUID id, UUID generation) {
        return pool().preparedQuery("insert into " + shape.fetched() + " (account_id, " + shape.id()
                        + ", generation) values ($1, $2, $3) on conflict do nothing")
                .execute(Tuple.of(account.value(), id, generation))
                .replaceWithVoid();
    }

    /** The generation here of a record about to be applied. */
    protected Uni<String> generation(SqlClient client, AccountId account, DataRecord record) {
        return generation(client, account, id(record))
                .map(found -> found.orElseThrow(() -> new IllegalStateException("a record came before its object"))
                        .toString());
    }

    private UUID id(DataRecord record) {
        return UUID.fromString(record.data().getString(shape.id()));
    }

    /** Of an object fetched for this move, or kept since the account lived here. */
    private Uni<Optional<UUID>> generation(SqlClient client, AccountId account, UUID id) {
        return client.preparedQuery("select generation from " + shape.fetched() + " where account_id = $1 and "
                        + shape.id() + " = $2 union all select generation from " + shape.table()
                        + " where account_id = $1 and " + shape.id() + " = $2 limit 1")
                .execute(Tuple.of(account.value(), id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getUUID(0)));
    }

    @Override
    public Uni<Void> purge(AccountId account) {
        return super.purge(account)
                .chain(() -> deleteLocal(shape.uploads(), account))
                .chain(() -> deleteLocal(shape.fetched(), account))
                .chain(() -> deleteObjects(account));
    }

    /** Deletes the account's rows of a table that does not travel. */
    protected Uni<Void> deleteLocal(String table, AccountId account) {
        return pool().preparedQuery("delete from " + table + " where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    private Uni<Void> deleteObjects(AccountId account) {
        return pages(account)
                .onItem()
                .transformToUniAndConcatenate(
                        page -> objects.delete(page.stream().map(S3Object::key).toList())
                                .replaceWith(page))
                .collect()
                .last()
                .replaceWithVoid();
    }

    @Override
    public Uni<Remains> remains(AccountId account) {
        return pages(account).collect().with(Collectors.summingLong(List::size)).flatMap(left -> super.remains(account)
                .chain(rows -> uploads(account).map(open -> new Remains(rows.rows() + open, left))));
    }

    private Multi<List<S3Object>> pages(AccountId account) {
        return objects.list(shape.root() + account + "/");
    }

    private Uni<Long> uploads(AccountId account) {
        return pool().preparedQuery("select count(*) from " + shape.uploads() + " where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getLong(0));
    }
}
