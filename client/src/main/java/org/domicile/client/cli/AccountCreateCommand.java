package org.domicile.client.cli;

import java.io.Console;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Identifier;
import org.domicile.client.sdk.Secret;
import org.domicile.client.sdk.SignUp;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        description = "Open an account: proves the e-mail address or phone number with a one-time code. Nothing else is"
                + " switched on.",
        footer = {
            "%nExample: ./domicile account create --market SG --phone +6581234567",
            "For a minor: ./domicile account create --market SG --email lin@example.org --age-band minor --guardian"
                    + " +6581234567"
        })
final class AccountCreateCommand extends ClientCommand {
    private static final Duration CODE_WAIT = Duration.ofSeconds(15);

    @Option(
            names = "--market",
            required = true,
            paramLabel = "COUNTRY",
            description = "where you live: an ISO 3166 code such as SG")
    String market;

    @ArgGroup(multiplicity = "1")
    Reachable reachable;

    static final class Reachable {
        @Option(names = "--email", description = "your e-mail address")
        String email;

        @Option(names = "--phone", description = "your phone number, with + and country code")
        String phone;

        Identifier identifier() {
            return Identifier.of(email != null ? email : phone);
        }
    }

    @Option(names = "--name", description = "how you want to be called")
    String displayName;

    @Option(
            names = "--age-band",
            paramLabel = "adult|minor",
            description = "minor: younger than the market's law asks of who consents; needs --guardian")
    String ageBand;

    @Option(names = "--guardian", description = "who confirms for a minor: their e-mail address or phone number")
    String guardian;

    @Option(names = "--password", description = "your password; without it DOMICILE_PASSWORD is used, or you are asked")
    String password;

    @Option(names = "--code", description = "the one-time code, if you have it; a local stack's is found by itself")
    String code;

    @Override
    int run() throws IOException {
        Workplace workplace = workplace();
        if (workplace.hasProfile()) {
            throw new CommandException("There is a profile " + profile + " already: name another with --profile");
        }
        Identifier identifier = reachable.identifier();
        Secret secret = Passwords.given(password);
        DomicileClient client = workplace.client();
        CodeFile codes = new CodeFile(workplace.stack().codes());
        Instant before = Instant.now();
        DomicileClient.Registration registration =
                client.signUp(new SignUp(market, identifier, secret, displayName, ageBand, guardian));
        Optional<DomicileClient.Opened> opened = client.give(registration, code(codes, identifier, before, code));
        if (opened.isEmpty() && codes.exist()) {
            opened = client.give(registration, code(codes, Identifier.of(guardian), before, null));
        }
        return opened.isPresent()
                ? opened(workplace, opened.get(), identifier, secret)
                : waiting(registration, identifier);
    }

    private int opened(Workplace workplace, DomicileClient.Opened opened, Identifier identifier, Secret secret)
            throws IOException {
        Profile created = new Profile();
        created.accountId = opened.accountId();
        created.identifier = identifier.value();
        created.password = secret.reveal();
        created.market = market;
        created.homeRegion = opened.home().id();
        workplace.create(created);
        if (json) {
            print(MAPPER.createObjectNode()
                    .put("accountId", created.accountId)
                    .put("homeRegion", created.homeRegion)
                    .put("profile", profile));
        }
        say("Account " + created.accountId + " is open in " + created.homeRegion
                + ". Everything is off until you switch it on.");
        return OK;
    }

    private int waiting(DomicileClient.Registration registration, Identifier identifier) {
        if (json) {
            print(MAPPER.createObjectNode()
                    .put("registrationId", registration.id())
                    .put("waitsFor", "guardian"));
        }
        say("The guardian was sent a code of their own. When they have confirmed with"
                + "\n  ./domicile account confirm " + registration.id() + " --code CODE"
                + "\nthe account is open: sign in with"
                + "\n  ./domicile account sign-in --market " + market + " --"
                + identifier.kind().field() + " …");
        return OK;
    }

    private String code(CodeFile codes, Identifier identifier, Instant since, String given) throws IOException {
        if (given != null) {
            return given;
        }
        if (codes.exist()) {
            return codes.await(identifier, since, CODE_WAIT);
        }
        Console console = System.console();
        String typed = console == null ? null : console.readLine("The code that was sent to you: ");
        if (typed == null || typed.isBlank()) {
            throw new CommandException("The one-time code is needed: give it with --code");
        }
        return typed.strip();
    }
}
