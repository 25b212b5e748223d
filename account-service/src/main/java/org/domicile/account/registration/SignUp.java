package org.domicile.account.registration;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Null;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A wish to open an account; exactly one of e-mail and phone.
 *
 * @param market ISO 3166 code of the country
 * @param displayName up to 100 characters, or null
 * @param ageBand {@code adult}, or null for the same; anyone younger needs a guardian's confirmation, which is not offered yet
 * @param guardian must be null for an adult
 */
public record SignUp(
        @NotNull @Size(max = 8) String market,
        @Size(max = 320) String email,
        @Size(max = 64) String phone,
        @NotNull @Size(max = 1024) String password,
        @Size(min = 1, max = 100) String displayName,

        @Pattern(regexp = "adult", message = "must be adult: sign-up of minors is not offered yet")
        String ageBand,

        @Null(message = "must be left out: sign-up of minors is not offered yet")
        String guardian) {
    @Override
    public String toString() {
        return "SignUp[market=" + market + "]";
    }
}
