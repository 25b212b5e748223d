package org.domicile.account.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * A user as Keycloak's {@code domicile-transfer} exports and imports it.
 *
 * @param id the account id
 * @param locale BCP 47 tag, or null
 * @param credentials in order of priority
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record IdentityUser(String id, Boolean enabled, String locale, List<Credential> credentials) {
    /**
     * @param secretData Keycloak's JSON; for a password hash and salt
     * @param credentialData Keycloak's JSON; for a password the hash parameters
     * @param createdDate milliseconds since the epoch
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Credential(
            String type,
            String secretData,
            String credentialData,
            Long createdDate,
            Integer priority,
            String userLabel) {
        @Override
        public String toString() {
            return "Credential[type=" + type + "]";
        }
    }

    IdentityUser withEnabled(boolean value) {
        return new IdentityUser(id, value, locale, credentials);
    }
}
