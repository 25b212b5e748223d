package org.domicile.account.participant;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.profile.Identifier;
import org.domicile.account.profile.IdentifierIndex;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.participant.DataRecord;
import org.domicile.platform.participant.MoveBlocked;

/** The profile; the blind index of the region it arrives in is built from it, and goes with it. */
final class ProfileRecords extends EncryptedRecords {
    private final IdentifierIndex index;

    ProfileRecords(Pool pool, AccountKeys keys, IdentifierIndex index) {
        super(pool, keys, "profile", "account", List.of(), Map.of("email", "email", "phone", "phone", "name", "name"));
        this.index = index;
    }

    @Override
    public Uni<Void> apply(SqlConnection connection, AccountId account, List<DataRecord> records) {
        return super.apply(connection, account, records).flatMap(v -> Multi.createFrom()
                .iterable(records)
                .onItem()
                .transformToUniAndConcatenate(
                        r -> index.replace(connection, account, identifiers(r)).replaceWith(true))
                .onFailure(IdentifierIndex.IdentifierTaken.class)
                .transform(
                        taken -> new MoveBlocked("Another account of this region has the same e-mail address or phone"
                                + " number: one of the two has to change it or be erased."))
                .collect()
                .asList()
                .replaceWithVoid());
    }

    @Override
    public Uni<Void> purge(AccountId account) {
        return index.purge(account).flatMap(v -> super.purge(account));
    }

    @Override
    public Uni<Remains> remains(AccountId account) {
        return super.remains(account)
                .flatMap(rows -> index.count(account).map(entries -> rows.plus(new Remains(entries, 0))));
    }

    private static List<Identifier> identifiers(DataRecord record) {
        var email = record.data().getString("email");
        var phone = record.data().getString("phone");
        return Stream.of(
                        email == null ? null : new Identifier(Identifier.Kind.EMAIL, email),
                        phone == null ? null : new Identifier(Identifier.Kind.PHONE, phone))
                .filter(Objects::nonNull)
                .toList();
    }
}
