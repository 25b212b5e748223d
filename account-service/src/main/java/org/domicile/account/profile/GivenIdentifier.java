package org.domicile.account.profile;

import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** The one identifier of a request that takes {@code email} or {@code phone}. */
public final class GivenIdentifier {
    private GivenIdentifier() {}

    /**
     * @param market country whose national phone numbers are understood
     * @throws ProblemException INVALID_REQUEST if not exactly one is given, INVALID_IDENTIFIER if it is malformed
     */
    public static Identifier of(String email, String phone, String market) {
        if ((email == null) == (phone == null)) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "Give exactly one of \"email\" and \"phone\".");
        }
        return (email != null ? Identifier.email(email) : Identifier.phone(phone, market))
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.INVALID_IDENTIFIER,
                        email != null
                                ? "Give an e-mail address such as ada@example.com."
                                : "Give a phone number that exists, with its country code, such as +6591234567."));
    }
}
