package org.domicile.account.registration;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.domicile.account.guardian.AgeBand;

/**
 * A wish to open an account; exactly one of e-mail and phone.
 *
 * @param market ISO 3166 code of the country
 * @param displayName up to 100 characters, or null
 * @param ageBand {@code adult}, or null for the same; {@code minor}: younger than the market's law asks of who consents
 * @param guardian a minor's: their e-mail address or phone number; else null
 */
public record SignUp(
        @NotNull @Size(max = 8) String market,
        @Size(max = 320) String email,
        @Size(max = 64) String phone,
        @NotNull @Size(max = 1024) String password,
        @Size(min = 1, max = 100) String displayName,

        @Pattern(regexp = AgeBand.PATTERN, message = "must be adult or minor")
        String ageBand,

        @Size(max = 320) String guardian) {
    @Override
    public String toString() {
        return "SignUp[market=" + market + "]";
    }
}
