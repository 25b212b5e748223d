package org.domicile.platform.error;

import java.util.Locale;

/** Every failure that a caller can see: one code, one HTTP status, one stable {@code type} URI; see docs/errors.md. */
public enum ErrorCode {
    INVALID_REQUEST(400, "The request is not valid"),
    MALFORMED_BODY(400, "The body could not be read"),
    UNKNOWN_FIELD(400, "The body has a field that is not known"),
    UNKNOWN_MARKET(400, "The market is not known"),
    INVALID_IDENTIFIER(400, "The e-mail address or phone number is not valid"),
    WEAK_PASSWORD(400, "The password is too weak"),
    GUARDIAN_REQUIRED(400, "A guardian must confirm"),
    WRONG_CODE(400, "The one-time code is not right"),
    HASH_MISMATCH(400, "The content does not match its hash"),
    LENGTH_MISMATCH(400, "The content does not have the declared length"),
    UNAUTHORIZED(401, "Sign in first"),
    REAUTHENTICATION_REQUIRED(401, "Sign in again"),
    FORBIDDEN(403, "Not allowed"),
    CONSENT_REQUIRED(403, "The owner has not switched this feature on"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "No representation fits the Accept header"),
    CONFLICT(409, "The request conflicts with the current state"),
    STALE_DEVICES(409, "The recipient's devices have changed"),
    POLICY_OUTDATED(409, "The policy has changed"),
    NO_TRANSFER_BASIS(409, "No transfer basis covers this move"),
    GONE(410, "No longer here"),
    LENGTH_REQUIRED(411, "A Content-Length is needed"),
    PRECONDITION_FAILED(412, "The precondition does not hold"),
    PAYLOAD_TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
    WRONG_REGION(421, "The account lives in another region"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    HEADERS_TOO_LARGE(431, "The header fields are too large"),
    INTERNAL(500, "The server failed"),
    ACCOUNT_FROZEN(503, "The account is being moved"),
    UNAVAILABLE(503, "Not available for the moment"),
    OUTCOME_UNKNOWN(504, "Whether it was done is not known"),
    QUOTA_EXCEEDED(507, "The account's storage is full");

    public static final String TYPE_BASE = "https://domicile.dev/errors/";

    private final int status;
    private final String title;

    ErrorCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The stable problem type (RFC 9457 section 3.1.1), such as {@code https://domicile.dev/errors/consent-required}. */
    public String type() {
        return TYPE_BASE + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
