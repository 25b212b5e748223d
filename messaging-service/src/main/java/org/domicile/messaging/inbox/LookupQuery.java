package org.domicile.messaging.inbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Whom a lookup asks for: exactly one member is given. A phone number is in E.164 form. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LookupQuery(AccountId accountId, String phone, String email) {
    private static final Pattern PHONE = Pattern.compile("\\+[1-9]\\d{6,14}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{3,253}");

    /** @throws ProblemException INVALID_REQUEST or INVALID_IDENTIFIER */
    void check() {
        if (Stream.of(Optional.ofNullable(accountId), Optional.ofNullable(phone), Optional.ofNullable(email))
                        .filter(Optional::isPresent)
                        .count()
                != 1) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "Send exactly one of \"phone\", \"email\" and \"accountId\".");
        }
        if (phone != null && !PHONE.matcher(phone).matches()) {
            throw new ProblemException(ErrorCode.INVALID_IDENTIFIER, "Send the phone number as +65…, digits only.");
        }
        if (email != null && !EMAIL.matcher(email.strip()).matches()) {
            throw new ProblemException(ErrorCode.INVALID_IDENTIFIER, "Correct the e-mail address.");
        }
    }

    /** The text that the blind index hashes; empty for a lookup by account. */
    Optional<String> indexed() {
        if (phone != null) {
            return Optional.of("discover:phone:" + phone);
        }
        return Optional.ofNullable(email)
                .map(e -> "discover:email:"
                        + Normalizer.normalize(e.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT));
    }

    /** Redacted: numbers and addresses are personal. */
    @Override
    public String toString() {
        return "LookupQuery[" + (accountId == null ? "…" : accountId) + "]";
    }
}
