package org.domicile.account.password;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The SQL of password resets. They name an identifier by its entries of the blind index, and no account. */
@ApplicationScoped
class PasswordResetStore {
    private final Pool pool;

    @Inject
    PasswordResetStore(Pool pool) {
        this.pool = pool;
    }

    /** @param attempts this time included */
    record Tried(List<byte[]> identifierMacs, byte[] codeMac, int attempts, boolean done, Instant expiresAt) {}

    Uni<Void> add(UUID id, List<byte[]> identifierMacs, byte[] codeMac, Instant now, Instant expiresAt) {
        return pool.preparedQuery("insert into password_reset (id, identifier_macs, code_mac, created_at, expires_at)"
                        + " values ($1, $2, $3, $4, $5)")
                .execute(Tuple.of(
                        id,
                        identifierMacs.stream().map(Buffer::buffer).toArray(Buffer[]::new),
                        Buffer.buffer(codeMac),
                        now.atOffset(ZoneOffset.UTC),
                        expiresAt.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    /** Counts one more attempt, committed before the code is looked at. @return empty if there is no such reset */
    Uni<Optional<Tried>> attempt(UUID id) {
        return pool.preparedQuery("update password_reset set attempts = attempts + 1 where id = $1"
                        + " returning identifier_macs, code_mac, attempts, done, expires_at")
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next())
                                .map(row -> new Tried(
                                        Stream.of(row.getDelegate().getArrayOfBuffers("identifier_macs"))
                                                .map(Buffer::getBytes)
                                                .toList(),
                                        row.getBuffer("code_mac").getBytes(),
                                        row.getInteger("attempts"),
                                        row.getBoolean("done"),
                                        row.getOffsetDateTime("expires_at").toInstant())));
    }

    /** In the transaction that sets the password. @return false if it was done before */
    Uni<Boolean> done(SqlConnection connection, UUID id) {
        return connection
                .preparedQuery("update password_reset set done = true where id = $1 and not done")
                .execute(Tuple.of(id))
                .map(rows -> rows.rowCount() == 1);
    }
}
