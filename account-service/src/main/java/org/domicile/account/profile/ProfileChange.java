package org.domicile.account.profile;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.domicile.account.guardian.AgeBand;

/**
 * What an owner changes; a missing member stays as it is.
 *
 * @param displayName 1 to 100 characters
 * @param locale BCP 47 tag
 * @param email takes effect when the code that it is sent comes back
 * @param phone the same
 * @param ageBand {@code adult}: the account needs its guardian no more, once the guardian agrees
 */
public record ProfileChange(
        @Size(min = 1, max = 100) String displayName,

        @Pattern(regexp = Locales.TAG, message = "must be a language tag")
        String locale,

        @Size(max = 320) String email,
        @Size(max = 64) String phone,

        @Pattern(regexp = AgeBand.PATTERN, message = "must be adult or minor")
        String ageBand) {
    boolean changesIdentifiers() {
        return email != null || phone != null;
    }

    @Override
    public String toString() {
        return "ProfileChange[redacted]";
    }
}
