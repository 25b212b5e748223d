package org.domicile.client.cli;

import java.io.IOException;
import java.time.Duration;
import org.domicile.client.sdk.BrowserSignIn;
import org.domicile.client.sdk.Credential;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Identifier;
import org.domicile.client.sdk.Region;
import org.domicile.client.sdk.Secret;
import org.domicile.client.sdk.Session;
import org.domicile.client.sdk.Tokens;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "sign-in",
        description = "Sign in to an account that is open already, for instance on a new computer.",
        footer = "%nExample: ./domicile account sign-in --market SG --phone +6581234567 --browser")
final class AccountSignInCommand extends ClientCommand {
    private static final Duration LONGEST = Duration.ofMinutes(5);

    @Option(
            names = "--market",
            required = true,
            paramLabel = "COUNTRY",
            description = "where you live: an ISO 3166 code such as SG")
    String market;

    @ArgGroup(multiplicity = "1")
    AccountCreateCommand.Reachable reachable;

    @Option(names = "--browser", description = "sign in on the identity provider's page; the password stays there")
    boolean browser;

    @Option(names = "--password", description = "your password; without it DOMICILE_PASSWORD is used, or you are asked")
    String password;

    @Override
    int run() throws IOException {
        Workplace workplace = workplace();
        DomicileClient client = workplace.client();
        Identifier identifier = reachable.identifier();
        Region home = client.discover(market, identifier);
        Profile owner = workplace.hasProfile() ? workplace.profile() : new Profile();
        Session session;
        if (browser) {
            session = client.resume(home, null, browse(client, home, identifier, workplace));
        } else {
            Secret secret = Passwords.given(password);
            session = client.signIn(home, new Credential(identifier.value(), secret));
            owner.password = secret.reveal();
        }
        String accountId = session.accountId();
        if (owner.accountId != null && !owner.accountId.equals(accountId)) {
            throw new CommandException(
                    "The profile " + profile + " is of another account: name another with --profile");
        }
        owner.accountId = accountId;
        owner.identifier = identifier.value();
        owner.market = market;
        workplace.signedIn(owner, session);
        if (json) {
            print(MAPPER.createObjectNode()
                    .put("accountId", accountId)
                    .put("homeRegion", owner.homeRegion)
                    .put("profile", profile));
        }
        say("Signed in to account " + accountId + " in " + owner.homeRegion + ".");
        return OK;
    }

    private Tokens browse(DomicileClient client, Region home, Identifier identifier, Workplace workplace)
            throws IOException {
        try (LoopbackBrowser loopback = new LoopbackBrowser()) {
            BrowserSignIn signIn = client.signInByBrowser(home, loopback.redirect(), identifier, workplace.random());
            (json ? spec.commandLine().getErr() : out()).println("Sign in here: " + signIn.page());
            (json ? spec.commandLine().getErr() : out()).flush();
            LoopbackBrowser.open(signIn.page());
            return signIn.finish(loopback.await(LONGEST));
        }
    }
}
