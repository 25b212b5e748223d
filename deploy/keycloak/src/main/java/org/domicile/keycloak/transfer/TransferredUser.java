package org.domicile.keycloak.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * One user as it moves between regions: the id, whether sign-in is allowed, the language and the hashed credentials. Nothing else
 * moves: roles, groups and federation links belong to the region.
 *
 * @param id the account id; also the username and the token's {@code sub}
 * @param locale BCP 47 language tag, or null
 * @param credentials in order of priority
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TransferredUser(String id, Boolean enabled, String locale, List<Credential> credentials) {

    /**
     * One credential.
     *
     * @param type {@code password}, {@code otp}, {@code webauthn}, {@code webauthn-passwordless}
     * @param secretData Keycloak's JSON; for a password hash and salt
     * @param credentialData Keycloak's JSON; for a password the hash parameters
     * @param createdDate milliseconds since the epoch
     * @param priority position among the user's credentials, lowest first
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
}
