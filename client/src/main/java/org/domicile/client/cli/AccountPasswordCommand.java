package org.domicile.client.cli;

import java.io.IOException;
import org.domicile.client.sdk.Secret;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "password",
        description =
                "Change the password. All other sessions end, and every address and number of the account is told.",
        footer = "%nExample: ./domicile account password")
final class AccountPasswordCommand extends ClientCommand {
    @Option(
            names = "--password",
            description = "the new password; without it DOMICILE_PASSWORD is used, or you are asked")
    String password;

    @Override
    int run() throws IOException {
        Workplace workplace = workplace();
        Secret wanted = Passwords.given(password);
        workplace.account().changePassword(wanted);
        Profile owner = workplace.profile();
        if (owner.password != null) {
            owner.password = wanted.reveal();
        }
        workplace.save();
        say("The password is changed. Everywhere else, sign in with the new one.");
        return OK;
    }
}
