package org.domicile.account.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The personal fields of an account, in clear.
 *
 * @param email in lower case, or null
 * @param phone E.164, or null
 * @param displayName as the owner wrote it, or null
 * @param locale BCP 47 tag, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record Profile(String market, String email, String phone, String displayName, String locale, Instant openedAt) {
    public List<Identifier> identifiers() {
        return Stream.of(
                        email == null ? null : new Identifier(Identifier.Kind.EMAIL, email),
                        phone == null ? null : new Identifier(Identifier.Kind.PHONE, phone))
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public String toString() {
        return "Profile[redacted]";
    }
}
