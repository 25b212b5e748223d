package org.domicile.account.guardian;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.profile.Identifier;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.FieldCipher;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of guardians: one at most of an account, encrypted under the account's key. One whose time is over is none. */
@ApplicationScoped
public class GuardianStore {
    /** The name under which the identifier is encrypted. */
    public static final String FIELD = "guardian";

    private final Pool pool;
    private final AccountKeys keys;
    private final Clock clock;

    @Inject
    public GuardianStore(Pool pool, AccountKeys keys, Clock clock) {
        this.pool = pool;
        this.keys = keys;
        this.clock = clock;
    }

    /** Of a new account, whose key is there. */
    public Uni<Void> add(SqlConnection connection, AccountId account, Guardian guardian) {
        return keys.open(account)
                .flatMap(cipher -> connection
                        .preparedQuery("insert into guardian (account_id, version, identifier, since, ends_at)"
                                + " values ($1, 0, $2, $3, $4)")
                        .execute(Tuple.of(
                                account.value(),
                                Buffer.buffer(cipher.encrypt(
                                        FIELD, guardian.identifier().value())),
                                guardian.since().atOffset(ZoneOffset.UTC),
                                guardian.endsAt().atOffset(ZoneOffset.UTC))))
                .replaceWithVoid();
    }

    public Uni<Optional<Guardian>> find(AccountId account) {
        return pool.withConnection(connection -> find(connection, account));
    }

    /** The same, as a transaction sees it. */
    public Uni<Optional<Guardian>> find(SqlClient client, AccountId account) {
        return client.preparedQuery(
                        "select identifier, since, ends_at from guardian where account_id = $1 and ends_at > $2")
                .execute(Tuple.of(account.value(), clock.instant().atOffset(ZoneOffset.UTC)))
                .flatMap(rows -> rows.size() == 0
                        ? Uni.createFrom().item(Optional.empty())
                        : keys.open(account)
                                .map(cipher ->
                                        Optional.of(guardian(rows.iterator().next(), cipher))));
    }

    public Uni<Void> end(FencedWrite write) {
        return write.connection()
                .preparedQuery("delete from guardian where account_id = $1")
                .execute(Tuple.of(write.account().value()))
                .replaceWithVoid();
    }

    private static Guardian guardian(Row row, FieldCipher cipher) {
        return new Guardian(
                Identifier.stored(
                        cipher.decrypt(FIELD, row.getBuffer("identifier").getBytes())),
                row.getOffsetDateTime("since").toInstant(),
                row.getOffsetDateTime("ends_at").toInstant());
    }
}
