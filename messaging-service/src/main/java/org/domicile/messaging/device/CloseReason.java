package org.domicile.messaging.device;

/**
 * Why the server ends a device connection. Codes are those of RFC 6455 section 7.4.1, and 4774, by which autopush tells a
 * client to stay away until its owner switches it on again; after any other code a client reconnects with back-off.
 */
public enum CloseReason {
    NO_HELLO(1002, "hello is the first frame"),
    HELLO_TWICE(1002, "hello was said before"),
    HELLO_TIMEOUT(1002, "hello took too long"),
    UNKNOWN_MESSAGE(1002, "unknown messageType"),
    BAD_FRAME(1002, "the frame breaks RFC 6455"),
    NOT_TEXT(1003, "frames are JSON text"),
    MALFORMED(1007, "the frame could not be read"),
    TOO_MANY_PINGS(1008, "too many pings"),
    TOO_LARGE(1009, "the frame is too large"),
    FAILED(1011, "the server failed"),
    SILENT(1001, "no answer to a ping"),
    STOPPING(1001, "the server is stopping, reconnect"),
    MOVED(1012, "the account is moving, reconnect"),
    UNAVAILABLE(1013, "not available for the moment, try again later"),
    REPLACED(4774, "the device has a newer connection"),
    CONSENT_WITHDRAWN(4774, "messaging is switched off"),
    REVOKED(4774, "the device is revoked");

    private final short code;
    private final String text;

    CloseReason(int code, String text) {
        this.code = (short) code;
        this.text = text;
    }

    public short code() {
        return code;
    }

    /** Sent with the code; says nothing about the account. */
    public String text() {
        return text;
    }
}
