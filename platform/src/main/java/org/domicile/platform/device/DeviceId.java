package org.domicile.platform.device;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.domicile.platform.account.AccountId;

/**
 * A device's id: base64url, without padding, of the account's 16 bytes followed by 8 random bytes, so that any region can
 * route a device's request by the residency directory alone.
 */
@RegisterForReflection
public record DeviceId(String value) {
    private static final int LENGTH = 24;

    public static DeviceId create(AccountId account, RandomGenerator random) {
        var bytes = ByteBuffer.allocate(LENGTH)
                .putLong(account.value().getMostSignificantBits())
                .putLong(account.value().getLeastSignificantBits())
                .putLong(random.nextLong());
        return new DeviceId(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array()));
    }

    /** @throws IllegalArgumentException if the text is not a device id */
    @JsonCreator
    public static DeviceId parse(String text) {
        var id = new DeviceId(text);
        if (id.bytes().capacity() != LENGTH) {
            throw new IllegalArgumentException("not a device id");
        }
        return id;
    }

    public AccountId accountId() {
        var bytes = bytes();
        return new AccountId(new UUID(bytes.getLong(), bytes.getLong()));
    }

    private ByteBuffer bytes() {
        return ByteBuffer.wrap(Base64.getUrlDecoder().decode(value));
    }

    @JsonValue
    @Override
    public String toString() {
        return value;
    }
}
