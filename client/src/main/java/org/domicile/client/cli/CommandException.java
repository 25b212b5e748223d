package org.domicile.client.cli;

import java.io.IOException;

/** A command cannot do what was asked; the message is one sentence that says what to do. */
final class CommandException extends IOException {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }
}
