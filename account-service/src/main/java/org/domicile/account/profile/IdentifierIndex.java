package org.domicile.account.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.Kms;

/** The blind index: which account an identifier belongs to, by its HMAC under a key that cannot leave the region. */
@ApplicationScoped
public class IdentifierIndex {
    private static final String UNIQUE_VIOLATION = "23505";

    private final Pool pool;
    private final Kms kms;

    @Inject
    public IdentifierIndex(Pool pool, Kms kms) {
        this.pool = pool;
        this.kms = kms;
    }

    public Uni<byte[]> mac(Identifier identifier) {
        return kms.indexMac((identifier.kind() + ":" + identifier.value()).getBytes(UTF_8));
    }

    public Uni<Optional<AccountId>> find(Identifier identifier) {
        return mac(identifier).flatMap(this::find);
    }

    public Uni<Optional<AccountId>> find(byte[] mac) {
        return pool.preparedQuery("select account_id from identifier where mac = $1")
                .execute(Tuple.of(Buffer.buffer(mac)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(new AccountId(rows.iterator().next().getUUID("account_id"))));
    }

    /** Makes these the account's identifiers. @return fails with {@link IdentifierTaken} */
    public Uni<Void> replace(SqlConnection connection, AccountId account, Collection<Identifier> identifiers) {
        return delete(connection, account)
                .flatMap(v -> Multi.createFrom()
                        .iterable(identifiers)
                        .onItem()
                        .transformToUniAndConcatenate(i -> mac(i).flatMap(mac -> connection
                                .preparedQuery("insert into identifier (account_id, mac) values ($1, $2)")
                                .execute(Tuple.of(account.value(), Buffer.buffer(mac)))))
                        .collect()
                        .asList())
                .onFailure(f -> f instanceof PgException e && UNIQUE_VIOLATION.equals(e.getSqlState()))
                .transform(f -> new IdentifierTaken())
                .replaceWithVoid();
    }

    private static Uni<Void> delete(SqlConnection connection, AccountId account) {
        return connection
                .preparedQuery("delete from identifier where account_id = $1")
                .execute(Tuple.of(account.value()))
                .replaceWithVoid();
    }

    public Uni<Void> purge(AccountId account) {
        return pool.withConnection(connection -> delete(connection, account));
    }

    public Uni<Long> count(AccountId account) {
        return pool.preparedQuery("select count(*) as count from identifier where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.iterator().next().getLong("count"));
    }

    /** Another account of this region has the identifier. */
    public static final class IdentifierTaken extends RuntimeException {
        IdentifierTaken() {
            super("the identifier belongs to another account of this region", null, false, false);
        }
    }
}
