package org.domicile.account.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.domicile.account.identity.Identities;
import org.domicile.account.identity.IdentityUser;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.OrderEpochs;
import org.domicile.platform.participant.RecordClass;

/** The account's Keycloak user with its credential hashes: one record. At the target it is disabled until the account is OWN. */
final class CredentialRecords implements RecordClass {
    private static final String KEY = "user";
    private static final long NO_VERSION = 0;

    private final Pool pool;
    private final OrderEpochs epochs;
    private final Identities identities;

    CredentialRecords(Pool pool, OrderEpochs epochs, Identities identities) {
        this.pool = pool;
        this.epochs = epochs;
        this.identities = identities;
    }

    @Override
    public String name() {
        return "credentials";
    }

    @Override
    public boolean versioned() {
        return false;
    }

    @Override
    public Uni<List<DataRecord>> after(SqlConnection connection, AccountId account, long version, int limit) {
        return identities.find(account).map(CredentialRecords::records);
    }

    /** Disables the user, as it is at the target already, so that no password changes any more, and reads it in the same call. */
    @Override
    public Uni<List<DataRecord>> seal(SqlConnection connection, AccountId account, long epoch) {
        return identities.disable(account, epoch).map(CredentialRecords::records);
    }

    @Override
    public Uni<Map<String, Long>> versions(SqlConnection connection, AccountId account) {
        return identities.find(account).map(user -> user.isPresent() ? Map.of(KEY, NO_VERSION) : Map.of());
    }

    @Override
    public Uni<List<DataRecord>> byKeys(SqlConnection connection, AccountId account, Collection<String> keys) {
        return keys.contains(KEY)
                ? after(connection, account, NO_VERSION, 1)
                : Uni.createFrom().item(List.of());
    }

    @Override
    public Uni<Void> apply(SqlConnection connection, AccountId account, List<DataRecord> records) {
        return records.isEmpty()
                ? Uni.createFrom().voidItem()
                : identities
                        .find(account)
                        .flatMap(there -> there.map(CredentialRecords::record).equals(Optional.of(records.getFirst()))
                                ? Uni.createFrom().voidItem()
                                : epochs.of(connection, account)
                                        .flatMap(epoch ->
                                                identities.put(account, disabled(account, records.getFirst()), epoch)));
    }

    @Override
    public Uni<Void> remove(SqlConnection connection, AccountId account, Collection<String> keys) {
        return keys.contains(KEY)
                ? epochs.of(connection, account).flatMap(epoch -> identities.delete(account, epoch))
                : Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Void> purge(AccountId account) {
        return epochs.of(pool, account).flatMap(epoch -> identities.delete(account, epoch));
    }

    @Override
    public Uni<Remains> remains(AccountId account) {
        return identities.find(account).map(user -> user.isPresent() ? new Remains(1, 0) : Remains.NOTHING);
    }

    private static List<DataRecord> records(Optional<IdentityUser> user) {
        return user.map(CredentialRecords::record).map(List::of).orElse(List.of());
    }

    private static DataRecord record(IdentityUser user) {
        var credentials = new JsonArray();
        user.credentials().forEach(c -> credentials.add(JsonObject.mapFrom(c)));
        var data = new JsonObject().put("locale", user.locale()).put("credentials", credentials);
        return new DataRecord(KEY, NO_VERSION, data);
    }

    private static IdentityUser disabled(AccountId account, DataRecord record) {
        return record.data()
                .copy()
                .put("id", account.toString())
                .put("enabled", false)
                .mapTo(IdentityUser.class);
    }
}
