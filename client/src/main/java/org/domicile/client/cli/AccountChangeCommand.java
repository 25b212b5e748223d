package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.domicile.client.sdk.Account;
import org.domicile.client.sdk.Identifier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "change",
        description = "Change the e-mail address or phone number: the new one proves itself with a code, the old one is"
                + " told.",
        footer = "%nExample: ./domicile account change --phone +6581234567")
final class AccountChangeCommand extends ClientCommand {
    private static final Duration CODE_WAIT = Duration.ofSeconds(15);

    @ArgGroup(multiplicity = "1")
    AccountCreateCommand.Reachable reachable;

    @Option(names = "--code", description = "the code for a change that was asked for; needs --confirmation")
    String code;

    @Option(names = "--confirmation", paramLabel = "ID", description = "the change that was asked for, as it was shown")
    String confirmation;

    @Override
    int run() throws IOException {
        Workplace workplace = workplace();
        Account account = workplace.account();
        Identifier wanted = reachable.identifier();
        if ((code == null) != (confirmation == null)) {
            throw new CommandException("Give --code and --confirmation together, or neither");
        }
        if (code != null) {
            return confirmed(workplace, account, wanted, confirmation, code);
        }
        Instant before = Instant.now();
        JsonNode changed = account.change(wanted);
        if (!changed.hasNonNull("waiting")) {
            say("The account has it already.");
            return OK;
        }
        String id = changed.path("waiting").path(0).path("confirmationId").asText();
        CodeFile codes = new CodeFile(workplace.stack().codes());
        return codes.exist()
                ? confirmed(workplace, account, wanted, id, codes.await(wanted, before, CODE_WAIT))
                : waiting(workplace, changed, id);
    }

    private int waiting(Workplace workplace, JsonNode changed, String id) throws IOException {
        workplace.save();
        if (json) {
            print(changed.path("waiting"));
        }
        say("A code was sent. Give it with the same command and --confirmation " + id + " --code CODE");
        return OK;
    }

    private int confirmed(Workplace workplace, Account account, Identifier wanted, String id, String given)
            throws IOException {
        JsonNode answer = account.confirm(id, given);
        Profile owner = workplace.profile();
        if (owner.identifier != null && Identifier.of(owner.identifier).kind() == wanted.kind()) {
            owner.identifier = wanted.value();
        }
        workplace.save();
        if (json) {
            print(answer);
        }
        say("Changed. Sign in with it from now on.");
        return OK;
    }
}
