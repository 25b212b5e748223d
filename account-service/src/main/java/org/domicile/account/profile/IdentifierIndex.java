package org.domicile.account.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.kms.KmsOutage;

/**
 * The blind index: which account an identifier belongs to, by its HMAC under a key that cannot leave the region. While the region
 * changes its index key two are in use: entries are made under the current one and found under both, and an identifier belongs to one
 * account whichever of them its entry is under.
 *
 * <p>While entries are under a key that the KMS does not know, taken away too early or not yet known to this instance, nobody can be
 * told from an unknown person by it. Until those entries have been made again whatever asks whose an identifier is, or gives one to an
 * account, fails with UNAVAILABLE (503), which names the key.
 */
@ApplicationScoped
public class IdentifierIndex {
    private static final String UNIQUE_VIOLATION = "23505";
    /** Looks at one entry a key, not at all of them. */
    private static final String UNKNOWN_KEYS = "with recursive used as ("
            + "(select index_key from identifier order by index_key limit 1) union all"
            + " select (select index_key from identifier i where i.index_key > used.index_key order by index_key limit 1)"
            + " from used where used.index_key is not null)"
            + " select index_key from used where index_key <> all($1)";

    private final Pool pool;
    private final Kms kms;

    @Inject
    public IdentifierIndex(Pool pool, Kms kms) {
        this.pool = pool;
        this.kms = kms;
    }

    /** The identifier's MACs under all index keys in use, the current one's first. */
    public Uni<List<byte[]>> macs(Identifier identifier) {
        return kms.indexMacs((identifier.kind() + ":" + identifier.value()).getBytes(UTF_8));
    }

    /** The MACs to look an identifier up with. @return fails with UNAVAILABLE (503) if they would not find everybody */
    Uni<Buffer[]> sought(Identifier identifier) {
        return macs(identifier).flatMap(this::sought);
    }

    private Uni<Buffer[]> sought(List<byte[]> macs) {
        return requireKnownKeys(pool).map(known -> buffers(macs));
    }

    private Uni<Void> requireKnownKeys(SqlClient client) {
        return client.preparedQuery(UNKNOWN_KEYS)
                .execute(Tuple.of((Object) kms.indexKeys().toArray(String[]::new)))
                .invoke(unknown -> unknown.forEach(row -> {
                    throw KmsOutage.missing(row.getString("index_key"));
                }))
                .replaceWithVoid();
    }

    public Uni<Optional<AccountId>> find(Identifier identifier) {
        return macs(identifier).flatMap(this::find);
    }

    /** @param macs of one identifier */
    public Uni<Optional<AccountId>> find(List<byte[]> macs) {
        return sought(macs)
                .flatMap(sought -> pool.preparedQuery("select account_id from identifier where mac = any($1)")
                        .execute(Tuple.of((Object) sought)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(new AccountId(rows.iterator().next().getUUID("account_id"))));
    }

    /** Makes these the account's identifiers. @return fails with {@link IdentifierTaken} */
    public Uni<Void> replace(SqlConnection connection, AccountId account, Collection<Identifier> identifiers) {
        return requireKnownKeys(connection).flatMap(v -> makeAgain(connection, account, identifiers));
    }

    /** Makes the entries of the identifiers that the account has again, under the current key. @return fails as {@link #replace} */
    public Uni<Void> makeAgain(SqlConnection connection, AccountId account, Collection<Identifier> identifiers) {
        return Multi.createFrom()
                .iterable(identifiers)
                .onItem()
                .transformToUniAndConcatenate(i -> macs(i).map(Entry::new))
                .collect()
                .asList()
                .flatMap(entries -> delete(connection, account).flatMap(v -> Multi.createFrom()
                        .iterable(entries.stream()
                                .sorted(Comparator.comparingLong(Entry::lock))
                                .toList())
                        .onItem()
                        .transformToUniAndConcatenate(
                                entry -> add(connection, account, entry).replaceWith(entry))
                        .collect()
                        .last()))
                .onFailure(f -> f instanceof PgException e && UNIQUE_VIOLATION.equals(e.getSqlState()))
                .transform(f -> new IdentifierTaken())
                .replaceWithVoid();
    }

    private Uni<Void> add(SqlConnection connection, AccountId account, Entry entry) {
        return (entry.macs().size() == 1
                        ? Uni.createFrom().voidItem() // the table's own constraint is enough
                        : requireFree(connection, account, entry))
                .flatMap(v -> connection
                        .preparedQuery("insert into identifier (account_id, mac, index_key) values ($1, $2, $3)")
                        .execute(Tuple.of(
                                account.value(),
                                Buffer.buffer(entry.macs().getFirst()),
                                kms.indexKeys().getFirst())))
                .replaceWithVoid();
    }

    /** Two that want the same identifier, each under another key, come one after the other. */
    private static Uni<Void> requireFree(SqlConnection connection, AccountId account, Entry entry) {
        return connection
                .preparedQuery("select pg_advisory_xact_lock($1)")
                .execute(Tuple.of(entry.lock()))
                .flatMap(locked -> connection
                        .preparedQuery("select from identifier where mac = any($1) and account_id <> $2")
                        .execute(Tuple.of(buffers(entry.macs()), account.value())))
                .invoke(others -> {
                    if (others.size() > 0) {
                        throw new IdentifierTaken();
                    }
                })
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

    /** Under which index key the account's entries are; the current one where it has none. */
    public Uni<String> indexKey(SqlClient client, AccountId account) {
        return client.preparedQuery("select index_key from identifier where account_id = $1 limit 1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() == 0
                        ? kms.indexKeys().getFirst()
                        : rows.iterator().next().getString("index_key"));
    }

    /** Accounts with an entry under another key than the current one, in the order of their ids, from the one after. */
    public Uni<List<AccountId>> underOlderKey(UUID after, int limit) {
        return pool.preparedQuery("select distinct account_id from identifier where index_key <> $1"
                        + " and account_id > $2 order by account_id limit $3")
                .execute(Tuple.of(kms.indexKeys().getFirst(), after, limit))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> new AccountId(row.getUUID("account_id")))
                        .toList());
    }

    private static Buffer[] buffers(List<byte[]> macs) {
        return macs.stream().map(Buffer::buffer).toArray(Buffer[]::new);
    }

    /** An identifier's MACs under all index keys in use, the current one's first. */
    private record Entry(List<byte[]> macs) {
        /** The same for every instance that uses the same index keys, whichever is current. */
        long lock() {
            return ByteBuffer.wrap(macs.stream().min(Arrays::compareUnsigned).orElseThrow())
                    .getLong();
        }
    }

    /** Another account of this region has the identifier. */
    public static final class IdentifierTaken extends RuntimeException {
        IdentifierTaken() {
            super("the identifier belongs to another account of this region", null, false, false);
        }
    }
}
