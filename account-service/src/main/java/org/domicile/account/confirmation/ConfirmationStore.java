package org.domicile.account.confirmation;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.domicile.account.key.AccountKeys;
import org.domicile.account.profile.Identifier;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.crypto.FieldCipher;
import org.domicile.platform.fence.FencedWrite;

/** The SQL of confirmations. A new identifier is encrypted under the account's key. */
@ApplicationScoped
class ConfirmationStore {
    private static final String FIELD = "confirmation.identifier";

    private final AccountKeys keys;

    @Inject
    ConfirmationStore(AccountKeys keys) {
        this.keys = keys;
    }

    /** With what is stored of its code, and how often a code was tried, this time included. */
    record Tried(Confirmation confirmation, byte[] codeMac, int attempts) {}

    /** Takes the place of what waited for the same. */
    Uni<Void> add(FencedWrite write, Confirmation confirmation, byte[] codeMac, Instant now) {
        var feature =
                confirmation.feature() == null ? null : confirmation.feature().id();
        return write.connection()
                .preparedQuery("update confirmation set done = true, identifier = null, code_mac = ''"
                        + " where account_id = $1 and kind = $2 and feature is not distinct from $3 and not done")
                .execute(Tuple.of(write.account().value(), confirmation.kind().name(), feature))
                .flatMap(r -> encrypted(write, confirmation.identifier()))
                .flatMap(encrypted -> write.connection()
                        .preparedQuery(
                                "insert into confirmation (account_id, id, kind, feature, policy_version, locale,"
                                        + " identifier, code_mac, created_at, expires_at)"
                                        + " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
                        .execute(Tuple.from(new Object[] {
                            write.account().value(),
                            confirmation.id(),
                            confirmation.kind().name(),
                            feature,
                            confirmation.policyVersion(),
                            confirmation.locale(),
                            encrypted.orElse(null),
                            Buffer.buffer(codeMac),
                            now.atOffset(ZoneOffset.UTC),
                            confirmation.expiresAt().atOffset(ZoneOffset.UTC)
                        })))
                .replaceWithVoid();
    }

    /** How many of identifiers the account has asked for since. */
    Uni<Long> identifiersSince(FencedWrite write, Instant from) {
        return write.connection()
                .preparedQuery("select count(*) as count from confirmation where account_id = $1"
                        + " and kind in ('EMAIL', 'PHONE') and created_at > $2")
                .execute(Tuple.of(write.account().value(), from.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.iterator().next().getLong("count"));
    }

    /** Counts one more attempt. @return empty if there is no such confirmation */
    Uni<Optional<Tried>> attempt(FencedWrite write, UUID id) {
        return write.connection()
                .preparedQuery("update confirmation set attempts = attempts + 1 where account_id = $1 and id = $2"
                        + " returning id, kind, feature, policy_version, locale, identifier, code_mac, attempts, done,"
                        + " expires_at")
                .execute(Tuple.of(write.account().value(), id))
                .flatMap(rows -> rows.size() == 0
                        ? Uni.createFrom().item(Optional.empty())
                        : tried(
                                        write.connection(),
                                        write.account(),
                                        rows.iterator().next())
                                .map(Optional::of));
    }

    /** In the transaction that does what was asked for. @return false if it was done before, or something took its place */
    Uni<Boolean> done(FencedWrite write, UUID id) {
        return write.connection()
                .preparedQuery("update confirmation set done = true, identifier = null"
                        + " where account_id = $1 and id = $2 and not done")
                .execute(Tuple.of(write.account().value(), id))
                .map(rows -> rows.rowCount() == 1);
    }

    private Uni<Optional<Buffer>> encrypted(FencedWrite write, Identifier identifier) {
        return identifier == null
                ? Uni.createFrom().item(Optional.empty())
                : keys.open(write.account())
                        .map(cipher -> Optional.of(Buffer.buffer(cipher.encrypt(FIELD, identifier.value()))));
    }

    private Uni<Tried> tried(SqlConnection connection, AccountId account, Row row) {
        return row.getBuffer("identifier") == null
                ? Uni.createFrom().item(tried(row, null))
                : keys.open(account).map(cipher -> tried(row, identifier(row, cipher)));
    }

    private static Identifier identifier(Row row, FieldCipher cipher) {
        return Identifier.stored(
                cipher.decrypt(FIELD, row.getBuffer("identifier").getBytes()));
    }

    private static Tried tried(Row row, Identifier identifier) {
        var feature = row.getString("feature");
        return new Tried(
                new Confirmation(
                        row.getUUID("id"),
                        Confirmation.Kind.valueOf(row.getString("kind")),
                        feature == null ? null : Feature.parse(feature),
                        row.getString("policy_version"),
                        row.getString("locale"),
                        identifier,
                        row.getBoolean("done"),
                        row.getOffsetDateTime("expires_at").toInstant()),
                row.getBuffer("code_mac").getBytes(),
                row.getInteger("attempts"));
    }
}
