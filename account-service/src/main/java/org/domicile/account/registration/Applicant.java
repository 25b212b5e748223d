package org.domicile.account.registration;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.domicile.account.identity.IdentityUser;
import org.domicile.account.profile.Identifier;

/**
 * What a sign-up keeps until its code comes back.
 *
 * @param displayName or null
 * @param locale language tag of the sign-up, or null
 * @param password hashed
 * @param guardian of a minor; else null
 */
@RegisterForReflection
public record Applicant(
        Identifier identifier,
        String displayName,
        String locale,
        IdentityUser.Credential password,
        Identifier guardian) {
    @Override
    public String toString() {
        return "Applicant[redacted]";
    }
}
