package org.domicile.local;

/** Something the person at the keyboard can act on; the message is one sentence that says what and where. */
public final class LocalFailure extends RuntimeException {
    public LocalFailure(String message) {
        super(message);
    }

    public LocalFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
