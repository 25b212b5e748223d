package org.domicile.account.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.RecordClass;

/** Archives stay where they were made: none of them moves, and none is left behind. */
final class ExportRecords implements RecordClass {
    private final Pool pool;

    ExportRecords(Pool pool) {
        this.pool = pool;
    }

    @Override
    public String name() {
        return "exports";
    }

    @Override
    public Uni<List<DataRecord>> after(SqlConnection connection, AccountId account, long version, int limit) {
        return Uni.createFrom().item(List.of());
    }

    @Override
    public Uni<Map<String, Long>> versions(SqlConnection connection, AccountId account) {
        return Uni.createFrom().item(Map.of());
    }

    @Override
    public Uni<List<DataRecord>> byKeys(SqlConnection connection, AccountId account, Collection<String> keys) {
        return Uni.createFrom().item(List.of());
    }

    @Override
    public Uni<Void> apply(SqlConnection connection, AccountId account, List<DataRecord> records) {
        return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Void> remove(SqlConnection connection, AccountId account, Collection<String> keys) {
        return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Void> purge(AccountId account) {
        return pool.preparedQuery("delete from export where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    @Override
    public Uni<Remains> remains(AccountId account) {
        return pool.preparedQuery("select (select count(*) from export where account_id = $1)"
                        + " + (select count(*) from export_chunk where account_id = $1) as count")
                .execute(Tuple.of(account.value()))
                .map(rows -> new Remains(rows.iterator().next().getLong("count"), 0));
    }
}
