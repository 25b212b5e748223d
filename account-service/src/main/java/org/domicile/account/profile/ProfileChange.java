package org.domicile.account.profile;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * What an owner changes; a missing member stays as it is. E-mail and phone are not here: a change of those needs proof.
 *
 * @param displayName 1 to 100 characters
 * @param locale BCP 47 tag
 */
public record ProfileChange(
        @Size(min = 1, max = 100) String displayName,

        @Pattern(regexp = Locales.TAG, message = "must be a language tag")
        String locale) {}
