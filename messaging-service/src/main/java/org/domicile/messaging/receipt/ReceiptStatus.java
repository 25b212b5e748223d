package org.domicile.messaging.receipt;

/** What became of a message whose sender asked for a receipt; the code is the status of the pushed response (RFC 8030 section 6.3). */
public enum ReceiptStatus {
    /** The device has acknowledged it. */
    TAKEN(204),
    /** It was given up: its time was over, its subscription ended, another message replaced it, or the device could not handle it. */
    GIVEN_UP(410);

    private final int code;

    ReceiptStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
