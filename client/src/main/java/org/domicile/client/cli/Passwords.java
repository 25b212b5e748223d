package org.domicile.client.cli;

import java.io.IOException;
import org.domicile.client.sdk.Secret;

/** Where an account's password comes from. */
final class Passwords {
    private Passwords() {}

    /** @param option as given on the command line, or null: then the environment's, then what is typed */
    static Secret given(String option) throws IOException {
        String given = option != null ? option : System.getenv("DOMICILE_PASSWORD");
        if (given == null && Terminal.isInteractive()) {
            char[] typed = System.console().readPassword("Password: ");
            given = typed == null ? null : new String(typed);
        }
        if (given == null || given.isEmpty()) {
            throw new CommandException("A password is needed: give --password or set DOMICILE_PASSWORD");
        }
        return new Secret(given);
    }
}
