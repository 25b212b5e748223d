package org.domicile.account.profile;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.domicile.account.key.AccountKeys;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.crypto.FieldCipher;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.FencedWrite;

/** Profiles, encrypted field by field under the account's key. */
@ApplicationScoped
public class ProfileStore {
    static final String EMAIL = "email";
    static final String PHONE = "phone";
    static final String NAME = "name";

    private final Pool pool;
    private final AccountKeys keys;
    private final IdentifierIndex index;

    @Inject
    public ProfileStore(Pool pool, AccountKeys keys, IdentifierIndex index) {
        this.pool = pool;
        this.keys = keys;
        this.index = index;
    }

    public Uni<Boolean> exists(AccountId account) {
        return pool.preparedQuery("select from account where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> rows.size() == 1);
    }

    public Uni<String> market(AccountId account) {
        return market(pool, account);
    }

    /** The account's market (country code). */
    public Uni<String> market(SqlClient client, AccountId account) {
        return client.preparedQuery("select market from account where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such account in this region.");
                    }
                    return rows.iterator().next().getString("market");
                });
    }

    /** When the account was opened; needs no key. */
    public Uni<Instant> openedAt(AccountId account) {
        return pool.preparedQuery("select opened_at from account where account_id = $1")
                .execute(Tuple.of(account.value()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such account in this region.");
                    }
                    return rows.iterator()
                            .next()
                            .get(OffsetDateTime.class, "opened_at")
                            .toInstant();
                });
    }

    public Uni<Profile> read(AccountId account) {
        return pool.withConnection(c -> read(c, account));
    }

    /** The same, as a transaction sees it. */
    public Uni<Profile> read(SqlClient client, AccountId account) {
        return client.preparedQuery(
                        "select market, email, phone, name, locale, opened_at from account where account_id = $1")
                .execute(Tuple.of(account.value()))
                .flatMap(rows -> {
                    if (rows.size() == 0) {
                        return Uni.createFrom()
                                .failure(new ProblemException(
                                        ErrorCode.NOT_FOUND, "There is no such account in this region."));
                    }
                    var row = rows.iterator().next();
                    return keys.open(account).map(cipher -> profile(row, cipher));
                });
    }

    /** Adds the profile of a new account, with its key and its identifiers. @return fails with IdentifierTaken */
    public Uni<Void> add(SqlConnection connection, AccountId account, Profile profile) {
        return keys.openOrMake(account)
                .flatMap(cipher -> connection
                        .preparedQuery("insert into account (account_id, version, market, email, phone, name, locale,"
                                + " opened_at) values ($1, 0, $2, $3, $4, $5, $6, $7)")
                        .execute(Tuple.from(new Object[] {
                            account.value(),
                            profile.market(),
                            buffer(cipher.encrypt(EMAIL, profile.email())),
                            buffer(cipher.encrypt(PHONE, profile.phone())),
                            buffer(cipher.encrypt(NAME, profile.displayName())),
                            profile.locale(),
                            profile.openedAt().atOffset(ZoneOffset.UTC)
                        })))
                .flatMap(r -> index.replace(connection, account, profile.identifiers()));
    }

    Uni<Profile> change(FencedWrite write, ProfileChange change) {
        return keys.open(write.account())
                .flatMap(cipher -> write.connection()
                        .preparedQuery("update account set name = coalesce($2, name), locale = coalesce($3, locale),"
                                + " version = $4 where account_id = $1")
                        .execute(Tuple.of(
                                write.account().value(),
                                buffer(cipher.encrypt(NAME, change.displayName())),
                                change.locale(),
                                write.version())))
                .flatMap(r -> read(write.connection(), write.account()));
    }

    /** Makes it the account's e-mail address or phone number, by which it is found from now on. @return fails with IdentifierTaken */
    public Uni<Void> identify(FencedWrite write, Identifier identifier) {
        var column = identifier.kind() == Identifier.Kind.EMAIL ? EMAIL : PHONE;
        return keys.open(write.account())
                .flatMap(cipher -> write.connection()
                        .preparedQuery("update account set " + column + " = $2, identifiers_version = $3, version = $3"
                                + " where account_id = $1")
                        .execute(Tuple.of(
                                write.account().value(),
                                buffer(cipher.encrypt(column, identifier.value())),
                                write.version())))
                .flatMap(r -> read(write.connection(), write.account()))
                .flatMap(profile -> index.replace(write.connection(), write.account(), profile.identifiers()));
    }

    private static Profile profile(Row row, FieldCipher cipher) {
        return new Profile(
                row.getString("market"),
                cipher.decrypt(EMAIL, bytes(row, EMAIL)),
                cipher.decrypt(PHONE, bytes(row, PHONE)),
                cipher.decrypt(NAME, bytes(row, NAME)),
                row.getString("locale"),
                row.get(OffsetDateTime.class, "opened_at").toInstant());
    }

    private static byte[] bytes(Row row, String column) {
        var buffer = row.getBuffer(column);
        return buffer == null ? null : buffer.getBytes();
    }

    private static Buffer buffer(byte[] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }
}
