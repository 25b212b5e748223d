package org.domicile.platform.account;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An account's id: a UUIDv7 (RFC 9562), made once and kept in every region; it is the Keycloak user id and the token's
 * {@code sub}. Pseudonymous: the one thing about a person that may appear in Kafka and in logs.
 */
@RegisterForReflection
public record AccountId(UUID value) implements Comparable<AccountId> {
    public static AccountId create() {
        return new AccountId(TimeOrderedId.next());
    }

    /** @throws IllegalArgumentException if the text is not a UUID in its canonical form */
    @JsonCreator
    public static AccountId parse(String text) {
        var value = UUID.fromString(text);
        if (!value.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not a canonical UUID");
        }
        return new AccountId(value);
    }

    /** When the id was made, by the clock of the region that the account was opened in; empty if it is no UUIDv7. */
    public Optional<Instant> madeAt() {
        return value.version() == 7
                ? Optional.of(Instant.ofEpochMilli(value.getMostSignificantBits() >>> Short.SIZE))
                : Optional.empty();
    }

    @Override
    public int compareTo(AccountId other) {
        return value.compareTo(other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
