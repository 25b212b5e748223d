package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import org.domicile.client.http.Http;
import org.domicile.client.http.RetryPolicy;
import org.domicile.client.http.TrustedCertificates;
import org.domicile.client.recovery.RecoveryKey;
import org.domicile.client.restic.Backend;
import org.domicile.client.restic.Bandwidth;
import org.domicile.client.restic.DirectBackend;
import org.domicile.client.restic.FileType;
import org.domicile.client.restic.Origin;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.RepositoryException;
import org.domicile.client.restic.RepositoryPassword;
import org.domicile.client.restic.RestBackend;
import org.domicile.client.sdk.Account;
import org.domicile.client.sdk.Credential;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Receipts;
import org.domicile.client.sdk.RegionList;
import org.domicile.client.sdk.Secret;
import org.domicile.client.sdk.SenderKeys;
import org.domicile.client.sdk.Session;
import org.domicile.client.sdk.Stack;
import org.domicile.client.sdk.Tokens;

/** A profile with the stack it belongs to: opens sessions and repositories, and keeps what changes. */
final class Workplace {
    private static final String NOTHING_YET = "Nothing is backed up yet: make a backup with 'backup DIR'";
    static final String LACKS_PASSWORD = "This account has a backup, but this device lacks its password: get it with"
            + " 'recovery restore', or from another device with 'device transfer accept'";
    /** Few: the service is the way around. */
    private static final RetryPolicy STORE_RETRIES = new RetryPolicy(3, Duration.ofMillis(250), Duration.ofSeconds(2));

    static final String REPOSITORY = "main";

    private final Path home;
    private final String name;
    private final Consumer<String> notice;
    private final ProfileStore store;
    private final SecureRandom random = new SecureRandom();
    private Stack stack;
    private DomicileClient client;
    private Profile profile;
    private Session session;
    private boolean repositoryMade;

    /** @param notice takes sentences for the person, while the work goes on */
    Workplace(Path home, String name, Consumer<String> notice) {
        this.home = home;
        this.name = name;
        this.notice = notice;
        this.store = new ProfileStore(home);
    }

    /** {@code DOMICILE_HOME}, or {@code .domicile} here. */
    static Path home() {
        String given = System.getenv("DOMICILE_HOME");
        return Path.of(given == null || given.isBlank() ? ".domicile" : given);
    }

    Path folder() {
        return home;
    }

    Stack stack() throws IOException {
        if (stack == null) {
            stack = Stack.read(home);
        }
        return stack;
    }

    DomicileClient client() throws IOException {
        if (client == null) {
            client = DomicileClient.of(stack());
        }
        return client;
    }

    boolean hasProfile() {
        return store.exists(name);
    }

    Profile profile() throws IOException {
        if (profile == null) {
            profile = store.load(name);
        }
        return profile;
    }

    void create(Profile created) throws IOException {
        profile = created;
        save();
    }

    /** Keeps whoever has just signed in. */
    void signedIn(Profile owner, Session signedIn) throws IOException {
        profile = owner;
        session = signedIn;
        save();
    }

    /** Writes the profile, with where the account lives now and the tokens that are valid. */
    void save() throws IOException {
        if (session != null) {
            profile.homeRegion = session.home().id();
            Tokens tokens = session.tokens();
            profile.tokens = tokens == null
                    ? null
                    : new Profile.TokenPair(
                            tokens.access().reveal(),
                            tokens.refresh() == null ? null : tokens.refresh().reveal(),
                            tokens.expires().toString());
        }
        store.save(name, profile);
    }

    Session session() throws IOException {
        if (session == null) {
            Profile owner = profile();
            Credential credential =
                    owner.password == null ? null : new Credential(username(owner), new Secret(owner.password));
            session = client().resume(client().regions().get(owner.homeRegion), credential, tokens(owner));
        }
        return session;
    }

    private static String username(Profile owner) {
        return owner.accountId == null ? owner.identifier : owner.accountId;
    }

    private static Tokens tokens(Profile owner) {
        Profile.TokenPair kept = owner.tokens;
        return kept == null
                ? null
                : new Tokens(
                        new Secret(kept.access()),
                        kept.refresh() == null ? null : new Secret(kept.refresh()),
                        kept.expiry());
    }

    Account account() throws IOException {
        return new Account(session());
    }

    Receipts receipts() throws IOException {
        return new Receipts(session());
    }

    /** This computer's device credential; makes one at the first need. */
    Account.Device device() throws IOException {
        if (profile().device == null) {
            Account.Device added = account().addDevice("Command line", System.getProperty("os.name"));
            profile.device = new Profile.DeviceKey(added.id(), added.secret().reveal());
            save();
        }
        return new Account.Device(profile.device.id(), new Secret(profile.device.secret()));
    }

    /** Opens the account's repository. @param create whether to make one where there is none */
    Repository repository(boolean create) throws IOException {
        return repository(create, Bandwidth.unlimited(), Bandwidth.unlimited());
    }

    Repository repository(boolean create, Bandwidth upload, Bandwidth download) throws IOException {
        Account.Device device = device();
        if (profile.repository == null) {
            if (backend(REPOSITORY, device, upload, download).exists(FileType.CONFIG, "")) {
                throw new CommandException(LACKS_PASSWORD);
            }
            if (!create) {
                throw new CommandException(NOTHING_YET);
            }
            String password = RepositoryPassword.random(random).reveal();
            profile.repository = new Profile.RepositoryKey(REPOSITORY, password);
            save();
        }
        Backend backend = backend(profile.repository.name(), device, upload, download);
        RepositoryPassword password = new RepositoryPassword(profile.repository.password());
        try {
            return Repository.open(backend, password, random, Clock.systemUTC());
        } catch (FileNotFoundException e) {
            if (!create) {
                throw new CommandException(NOTHING_YET);
            }
            repositoryMade = true;
            return Repository.init(backend, password, origin(), random, Clock.systemUTC());
        }
    }

    /** Whether the account has a backup, whichever device made it. */
    boolean hasBackup() throws IOException {
        for (JsonNode repository : account().repositories()) {
            if (repository.path("name").asText().equals(REPOSITORY)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this command has set the repository up. */
    boolean repositoryMade() {
        return repositoryMade;
    }

    /** Opens the repository with the owner's recovery key; from then on this device has a password of its own for it. */
    void recover(String repository, RecoveryKey words) throws IOException {
        Backend backend = backend(repository, device(), Bandwidth.unlimited(), Bandwidth.unlimited());
        RepositoryPassword typed = new RepositoryPassword(words.password());
        try (Repository opened = Repository.open(backend, typed, random, Clock.systemUTC())) {
            RepositoryPassword own = RepositoryPassword.random(random);
            opened.addKey(own, origin(), random);
            profile.repository = new Profile.RepositoryKey(repository, own.reveal());
            save();
        } catch (FileNotFoundException e) {
            throw new CommandException(
                    "This account has no backup named " + repository + ": give its name with --repository");
        } catch (RepositoryException e) {
            throw new CommandException("These words open no key of this backup: are they those of this account?");
        }
    }

    private Backend backend(String repository, Account.Device device, Bandwidth upload, Bandwidth download)
            throws IOException {
        RegionList regions = client().regions();
        String secret = device.secret().reveal();
        Backend streaming =
                new RestBackend(client().http(), regions.repository(repository), device.id(), secret, upload, download);
        return new DirectBackend(
                streaming,
                client().http(),
                Http.trusting(TrustedCertificates.fromPemAndPlatform(stack().ca()), STORE_RETRIES),
                regions.direct(repository),
                device.id(),
                secret,
                upload,
                download,
                Clock.systemUTC(),
                notice);
    }

    /** Pseudonymous: it is readable to the server in key files. */
    Origin origin() throws IOException {
        return new Origin(device().id(), "owner");
    }

    InboxKeys inboxKeys() throws IOException {
        Profile.InboxKey kept = profile().inbox;
        if (kept == null) {
            InboxKeys keys = InboxKeys.generate(random);
            InboxKeys.PublicInbox shared = keys.forSenders();
            profile.inbox = new Profile.InboxKey(
                    UUID.randomUUID().toString(), keys.exportPrivateKey().reveal(), shared.p256dh(), shared.auth());
            save();
            return keys;
        }
        return InboxKeys.restore(new Secret(kept.privateKey()), new InboxKeys.PublicInbox(kept.p256dh(), kept.auth()));
    }

    /** What this device signs its messages with; made at the first need. */
    SenderKeys senderKeys() throws IOException {
        Profile.SenderKey kept = profile().sender;
        if (kept == null) {
            SenderKeys keys = SenderKeys.generate(random);
            profile.sender = new Profile.SenderKey(keys.exportPrivateKey().reveal(), keys.publicKey());
            save();
            return keys;
        }
        return SenderKeys.restore(new Secret(kept.privateKey()), kept.publicKey());
    }

    UUID inboxChannel() throws IOException {
        inboxKeys();
        return UUID.fromString(profile.inbox.channel());
    }

    SecureRandom random() {
        return random;
    }
}
