package org.domicile.account.profile;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.annotations.RegisterResources;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An e-mail address or phone number in the one form that is stored and looked up: e-mail in lower case and NFC, phone as E.164.
 * Its text never reaches a log.
 */
@RegisterForReflection
@RegisterResources(globs = "com/google/i18n/phonenumbers/data/PhoneNumberMetadataProto_*")
public record Identifier(Kind kind, String value) {
    private static final int MAX_EMAIL = 254;
    private static final Pattern EMAIL = Pattern.compile(
            "[^@\\s\\p{Cntrl}\"<>,;:()\\[\\]\\\\]{1,64}@([^@\\s\\p{Cntrl}.]+\\.)+[^@\\s\\p{Cntrl}.]{2,63}");

    /** What an identifier is. */
    public enum Kind {
        EMAIL,
        PHONE
    }

    /** @return empty if it is not an e-mail address */
    public static Optional<Identifier> email(String text) {
        var value = Normalizer.normalize(text.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        return value.length() <= MAX_EMAIL && EMAIL.matcher(value).matches()
                ? Optional.of(new Identifier(Kind.EMAIL, value))
                : Optional.empty();
    }

    /**
     * @param market country whose national numbers are understood; null: only numbers with {@code +}
     * @return empty if it is not a phone number that can exist
     */
    public static Optional<Identifier> phone(String text, String market) {
        var phones = PhoneNumberUtil.getInstance();
        try {
            var number = phones.parse(text, market);
            return phones.isValidNumber(number)
                    ? Optional.of(
                            new Identifier(Kind.PHONE, phones.format(number, PhoneNumberUtil.PhoneNumberFormat.E164)))
                    : Optional.empty();
        } catch (NumberParseException e) {
            return Optional.empty();
        }
    }

    /** What a person typed where either is asked for. */
    public static Optional<Identifier> typed(String text) {
        return typed(text, null);
    }

    /** @param market country whose national phone numbers are understood; null: only numbers with {@code +} */
    public static Optional<Identifier> typed(String text, String market) {
        return text.indexOf('@') >= 0 ? email(text) : phone(text, market);
    }

    /** One that was made by the others, read back. */
    public static Identifier stored(String value) {
        return new Identifier(value.indexOf('@') >= 0 ? Kind.EMAIL : Kind.PHONE, value);
    }

    @Override
    public String toString() {
        return "Identifier[" + kind + "]";
    }
}
