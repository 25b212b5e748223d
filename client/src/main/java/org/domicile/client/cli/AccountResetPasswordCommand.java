package org.domicile.client.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.DomicileClient.PasswordReset;
import org.domicile.client.sdk.Identifier;
import org.domicile.client.sdk.Secret;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "reset-password",
        description = {
            "Set a new password with a code that is sent to you, if you have forgotten yours. All sessions end.",
            "What only a recovery key opens stays closed without it: a backup is read with the key of its own."
        },
        footer = "%nExample: ./domicile account reset-password --market SG --email lin@example.org")
final class AccountResetPasswordCommand extends ClientCommand {
    private static final Duration CODE_WAIT = Duration.ofSeconds(15);

    @Option(
            names = "--market",
            required = true,
            paramLabel = "COUNTRY",
            description = "where you live: an ISO 3166 code such as SG")
    String market;

    @ArgGroup(multiplicity = "1")
    AccountCreateCommand.Reachable reachable;

    @Option(names = "--code", description = "the code that was sent; needs --reference")
    String code;

    @Option(names = "--reference", paramLabel = "ID", description = "what came with the code")
    String reference;

    @Option(
            names = "--password",
            description = "the new password; without it DOMICILE_PASSWORD is used, or you are asked")
    String password;

    @Override
    int run() throws IOException {
        if ((code == null) != (reference == null)) {
            throw new CommandException("Give --code and --reference together, or neither");
        }
        Workplace workplace = workplace();
        DomicileClient client = workplace.client();
        Identifier identifier = reachable.identifier();
        if (code != null) {
            return set(workplace, new PasswordReset(reference, client.discover(market, identifier)), code);
        }
        Instant before = Instant.now();
        PasswordReset reset = client.resetPassword(market, identifier);
        CodeFile codes = new CodeFile(workplace.stack().codes());
        return codes.exist() ? set(workplace, reset, codes.await(identifier, before, CODE_WAIT)) : waiting(reset);
    }

    private int waiting(PasswordReset reset) {
        if (json) {
            print(MAPPER.createObjectNode().put("resetId", reset.id()));
        }
        say("A code was sent. Give it with the same command and --reference " + reset.id() + " --code CODE");
        return OK;
    }

    private int set(Workplace workplace, PasswordReset reset, String given) throws IOException {
        Secret wanted = Passwords.given(password);
        String accountId = workplace.client().setPassword(reset, given, wanted);
        if (workplace.hasProfile() && accountId.equals(workplace.profile().accountId)) {
            workplace.profile().password = wanted.reveal();
            workplace.profile().tokens = null;
            workplace.save();
        }
        if (json) {
            print(MAPPER.createObjectNode().put("accountId", accountId));
        }
        say("The password is set. Sign in with it.");
        return OK;
    }
}
