package org.domicile.outside.remote;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.domicile.outside.HttpsEndpoint;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.MoveBlocked;
import org.domicile.platform.participant.RecordClass;

/** A class of data that a remote system holds. */
final class RemoteRecords implements RecordClass {
    private static final int CANNOT_TAKE = 422;

    private final ParticipantClient client;
    private final String name;

    RemoteRecords(ParticipantClient client, String name) {
        this.client = client;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Uni<List<DataRecord>> after(SqlConnection connection, AccountId account, long version, int limit) {
        return client.recordsAfter(account, name, version, limit);
    }

    @Override
    public Uni<Map<String, Long>> versions(SqlConnection connection, AccountId account) {
        return client.versions(account, name);
    }

    @Override
    public Uni<List<DataRecord>> byKeys(SqlConnection connection, AccountId account, Collection<String> keys) {
        return client.recordsOf(account, name, keys);
    }

    @Override
    public Uni<Void> apply(SqlConnection connection, AccountId account, List<DataRecord> records) {
        return write(connection, account, records, List.of());
    }

    @Override
    public Uni<Void> remove(SqlConnection connection, AccountId account, Collection<String> keys) {
        return write(connection, account, List.of(), keys);
    }

    /** The epoch of the row here, which the caller holds, is the one that the system was made a shadow at. */
    private Uni<Void> write(
            SqlConnection connection, AccountId account, Collection<DataRecord> records, Collection<String> removed) {
        return connection
                .preparedQuery("select epoch from fence where account_id = $1")
                .execute(Tuple.of(account.value()))
                .flatMap(rows ->
                        client.write(account, name, rows.iterator().next().getLong("epoch"), records, removed))
                .onFailure(HttpsEndpoint.Refused.class)
                .transform(RemoteRecords::explained);
    }

    private static Throwable explained(Throwable failure) {
        var refused = (HttpsEndpoint.Refused) failure;
        return refused.status() == CANNOT_TAKE ? new MoveBlocked(refused.detail()) : failure;
    }

    /** The system was ordered to drop everything when it was made a shadow, or by the PURGE: it must have. */
    @Override
    public Uni<Void> purge(AccountId account) {
        return client.row(account)
                .invoke(row -> {
                    var emptied = row.mode() == FenceMode.SHADOW || row.mode() == FenceMode.NONE && row.done();
                    if (!emptied) {
                        throw new IllegalStateException("the system has not dropped the account's records yet: " + row);
                    }
                })
                .replaceWithVoid();
    }

    @Override
    public Uni<Remains> remains(AccountId account) {
        return client.versions(account, name).map(keys -> new Remains(keys.size(), 0));
    }
}
