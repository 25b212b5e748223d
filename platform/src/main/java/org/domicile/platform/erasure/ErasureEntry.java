package org.domicile.platform.erasure;

import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.domicile.platform.account.AccountId;

/**
 * One entry of the erasure list ({@code erasure.list}), signed by the migration-service of the account's home. The list lives outside
 * every database and its backups, so that a restored database learns what it must not bring back (migration.md rule 14). It names no
 * account: whoever does not hold the id cannot find it from the hash, because 74 of its bits are random.
 *
 * @param account hex SHA-256 of the 16 bytes of the account id
 * @param region the home, whose migration-service signs
 * @param epoch the directory's epoch of the erasure: that of its PURGE commands
 * @param deadline when the market's law wants it done
 * @param at when the state was reached
 */
public record ErasureEntry(
        String account,
        UUID erasureId,
        State state,
        String region,
        long epoch,
        Instant requestedAt,
        Instant deadline,
        Instant at) {
    /** How far an erasure has come. */
    public enum State {
        /** No way back: every participant of every region was told to purge. */
        ORDERED,
        /** Every participant of every region has looked and found nothing. */
        ERASED
    }

    /** What the list calls an account; the key of its records too. */
    public static String key(AccountId account) {
        try {
            var id = ByteBuffer.allocate(16)
                    .putLong(account.value().getMostSignificantBits())
                    .putLong(account.value().getLeastSignificantBits())
                    .array();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(id));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public byte[] accountHash() {
        return HexFormat.of().parseHex(account);
    }

    public JsonObject toJson() {
        return new JsonObject()
                .put("account", account)
                .put("erasureId", erasureId.toString())
                .put("state", state.name())
                .put("region", region)
                .put("epoch", epoch)
                .put("requestedAt", requestedAt.toString())
                .put("deadline", deadline.toString())
                .put("at", at.toString());
    }

    /** @throws RuntimeException if a member is missing or malformed */
    public static ErasureEntry of(JsonObject json) {
        return new ErasureEntry(
                json.getString("account"),
                UUID.fromString(json.getString("erasureId")),
                State.valueOf(json.getString("state")),
                json.getString("region"),
                json.getLong("epoch"),
                Instant.parse(json.getString("requestedAt")),
                Instant.parse(json.getString("deadline")),
                Instant.parse(json.getString("at")));
    }
}
