package org.domicile.messaging.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.platform.account.AccountId;

/**
 * What the secret last segment of a push endpoint, of a message's URL or of a receipt subscription stands for: the account's 16 bytes
 * followed by a token of 24. {@link RoutingKeys} spells it. Any region can route it by the account; only the home region, which stores its
 * SHA-256, can tell whether it is good.
 */
public final class Capability {
    static final int RANDOM_BYTES = 24;
    static final int LENGTH = 16 + RANDOM_BYTES;

    private final byte[] bytes;

    private Capability(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Capability create(AccountId account, RandomGenerator random) {
        var token = new byte[RANDOM_BYTES];
        random.nextBytes(token);
        return of(account, token);
    }

    static Capability of(AccountId account, byte[] token) {
        return new Capability(ByteBuffer.allocate(LENGTH)
                .putLong(account.value().getMostSignificantBits())
                .putLong(account.value().getLeastSignificantBits())
                .put(token)
                .array());
    }

    static Capability of(byte[] bytes) {
        return new Capability(bytes.clone());
    }

    /** Where the receipts of messages to this endpoint are fetched: whoever can send can find it, nobody else. */
    public Capability receipts() {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
            return of(account(), Arrays.copyOf(mac.doFinal("push-receipts".getBytes(UTF_8)), RANDOM_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public AccountId account() {
        var buffer = ByteBuffer.wrap(bytes);
        return new AccountId(new UUID(buffer.getLong(), buffer.getLong()));
    }

    /** What the home region stores: SHA-256 of the bytes. */
    public byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] token() {
        return Arrays.copyOfRange(bytes, LENGTH - RANDOM_BYTES, LENGTH);
    }

    /** Redacted: who holds a capability may use it. */
    @Override
    public String toString() {
        return "Capability[" + account() + ", …]";
    }
}
