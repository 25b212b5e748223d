package org.domicile.local.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.domicile.client.http.ProblemException;
import org.domicile.client.restic.Backend;
import org.domicile.client.restic.Origin;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.RepositoryPassword;
import org.domicile.client.restic.RestBackend;
import org.domicile.client.sdk.Account;
import org.domicile.client.sdk.Credential;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Identifier;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Messenger;
import org.domicile.client.sdk.PushSocket;
import org.domicile.client.sdk.Secret;
import org.domicile.client.sdk.Session;
import org.domicile.client.sdk.SignUp;
import org.domicile.client.sdk.Stack;

/** Someone with a phone, who signs up, consents, backs up and gets messages, all through the device SDK. */
public final class Person {
    private static final String UNKNOWN_DEVICE = "unauthorized";

    /** How long a consent or a device may take from account-service to the other services: one of them may have been killed just now. */
    private static final Duration PROJECTED = Duration.ofSeconds(30);

    private static final Duration LOOK = Duration.ofMillis(50);

    private final DomicileClient client;
    private final SecureRandom random;
    private final Identifier identifier;
    private final UUID account;
    private final Session session;
    private final RepositoryPassword password;
    private Account.Device device;

    private Person(DomicileClient client, SecureRandom random, Identifier identifier, UUID account, Session session) {
        this.client = client;
        this.identifier = identifier;
        this.random = random;
        this.account = account;
        this.session = session;
        this.password = RepositoryPassword.random(random);
    }

    /** Signs up in a market, with a fresh e-mail address, and signs in. The code is read where the stack leaves it. */
    public static Person signUp(Stack stack, String market, String name, SecureRandom random) throws IOException {
        var address =
                name.toLowerCase(Locale.ROOT) + "." + Long.toString(random.nextLong(1L << 40), 36) + "@example.org";
        return signUp(stack, market, name, Identifier.of(address), random);
    }

    /** The same with an address or number of one's own. */
    public static Person signUp(Stack stack, String market, String name, Identifier identifier, SecureRandom random)
            throws IOException {
        var client = DomicileClient.of(stack);
        var secret = new Secret("Correct-horse-" + Long.toString(random.nextLong(1L << 50), 36));
        var registration = client.signUp(new SignUp(market, identifier, secret, name, null, null));
        var code = Files.readString(
                        stack.codes().resolve(URLEncoder.encode(identifier.value(), StandardCharsets.UTF_8)))
                .strip();
        var opened = client.confirm(registration, code);
        var session = client.signIn(opened.home(), new Credential(identifier.value(), secret));
        return new Person(client, random, identifier, UUID.fromString(opened.accountId()), session);
    }

    /** The address or number that the account was opened with. */
    public Identifier identifier() {
        return identifier;
    }

    public UUID account() {
        return account;
    }

    public Session session() {
        return session;
    }

    public DomicileClient client() {
        return client;
    }

    public Account.Device device() {
        return device;
    }

    public void addDevice(String name) throws IOException {
        device = new Account(session).addDevice(name, "Demo phone");
    }

    public void consent(String feature) throws IOException {
        var account = new Account(session);
        account.consent(feature, true, account.policyInForce());
    }

    public Messenger messenger() {
        return new Messenger(client.http(), session, random);
    }

    /** The person's repository of this name, at the origin that stays the same through every move. */
    public Backend backend(String repository) {
        return new RestBackend(
                client.http(),
                client.regions().repository(repository),
                device.id(),
                device.secret().reveal());
    }

    RepositoryPassword password() {
        return password;
    }

    /** Makes a repository; a device and a consent given a moment ago are waited for until the backup service knows them. */
    public Repository create(String repository) throws IOException, InterruptedException {
        return create(repository, Set.of(UNKNOWN_DEVICE, "consent-required"));
    }

    /** The same without waiting for a consent: refused at once where the service knows of none. */
    Repository createNow(String repository) throws IOException, InterruptedException {
        return create(repository, Set.of(UNKNOWN_DEVICE));
    }

    private Repository create(String repository, Set<String> passing) throws IOException, InterruptedException {
        var end = Instant.now().plus(PROJECTED);
        while (true) {
            try {
                return Repository.init(backend(repository), password, origin(), random, Clock.systemUTC());
            } catch (ProblemException e) {
                if (!passing.contains(e.code()) || Instant.now().isAfter(end)) {
                    throw e;
                }
                Thread.sleep(LOOK);
            }
        }
    }

    /** Connects the device for messages; a consent given a moment ago is waited for. */
    public PushSocket connect() throws IOException, InterruptedException {
        var end = Instant.now().plus(PROJECTED);
        while (true) {
            try {
                return PushSocket.connect(client.http(), client.regions().push(), device);
            } catch (IOException e) {
                if (Instant.now().isAfter(end)) {
                    throw e;
                }
                Thread.sleep(LOOK);
            }
        }
    }

    /** Publishes an inbox of the device: what is sent to it comes on this channel, for whoever has these keys. */
    public Messenger.Inbox publishInbox(UUID channel, InboxKeys keys) throws IOException, InterruptedException {
        try (var socket = connect()) {
            var inbox = new Messenger.Inbox(device.id(), socket.register(channel), keys.forSenders());
            messenger().publish(inbox);
            return inbox;
        }
    }

    Repository open(String repository) throws IOException {
        return Repository.open(backend(repository), password, random, Clock.systemUTC());
    }

    public Origin origin() throws IOException {
        return new Origin(InetAddress.getLocalHost().getHostName(), "demo");
    }
}
