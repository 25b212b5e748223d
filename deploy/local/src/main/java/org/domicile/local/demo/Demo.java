package org.domicile.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.domicile.client.http.ProblemException;
import org.domicile.client.restic.Backup;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.Restore;
import org.domicile.client.restic.Tuning;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Messenger;
import org.domicile.client.sdk.Moves;
import org.domicile.client.sdk.PushSocket;
import org.domicile.client.sdk.ReceiptProof;
import org.domicile.client.sdk.Receipts;
import org.domicile.client.sdk.Service;
import org.domicile.client.sdk.Stack;
import org.domicile.client.sdk.WebPushCipher;
import org.domicile.local.StackDescription;

/**
 * The main job, on real files: an account opened in Beijing consents, backs up, gets messages, and moves to Singapore while writes
 * go on; then everything is counted. A promise that does not hold ends it with a {@link DemoFailure}.
 */
final class Demo {
    /** Known of every account from its opening, as its devices and consents are: the law of its market holds for it. */
    private static final String MARKET = "backup.account_market";

    static final String FROM = "cn-north";
    static final String TO = "ap-southeast";
    private static final String PHOTOS = "phone";
    private static final String DIARY = "diary";
    private static final int CHAT = 5;
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int UNAVAILABLE = 503;

    private final Stack stack;
    private final StackDescription description;
    private final Path sourceObjects;
    private final Path work;
    private final Screen screen;
    private final SecureRandom random = new SecureRandom();
    private final DemoReport report = new DemoReport();

    /**
     * @param sourceObjects folder of the source region's object store
     * @param work an empty folder for what the demo restores
     */
    Demo(Stack stack, StackDescription description, Path sourceObjects, Path work, Screen screen) {
        this.stack = stack;
        this.description = description;
        this.sourceObjects = sourceObjects;
        this.work = work;
        this.screen = screen;
    }

    DemoReport run(Path data) throws IOException, InterruptedException, SQLException {
        screen.heading("Sign up in " + FROM);
        var lin = Person.signUp(stack, "SG", "Lin", random);
        DemoFailure.unless(lin.session().home().id().equals(FROM), "the account was opened in another region");
        lin.addDevice("Lin's phone");
        screen.held("account %s opened in %s, phone added", lin.account(), FROM);

        refusedBeforeConsent(lin);
        for (var feature : new String[] {"backup", "messaging", "discoverability"}) {
            lin.consent(feature);
        }
        screen.held("Lin switched on backup, messaging and discoverability");

        screen.heading("Back up " + data);
        backUp(lin, data);

        screen.heading("Private messages");
        var inbox = openInbox(lin);
        chat(lin, inbox);

        screen.heading("Move to " + TO + " while snapshots and messages go on");
        var operator = operator();
        var move = moveUnderWrites(lin, inbox, operator);

        screen.heading("Restore in " + TO);
        restore(lin, data);

        screen.heading("Purge in " + FROM + ", and its proof");
        purged(lin, move);

        screen.heading("What the law forbids");
        refusedMove(operator);
        return report;
    }

    private void refusedBeforeConsent(Person person) throws IOException, InterruptedException, SQLException {
        try {
            person.createNow(PHOTOS).close();
            throw new DemoFailure("backup was accepted without consent");
        } catch (ProblemException e) {
            DemoFailure.unless(e.status() == 403, "backup without consent was answered %d", e.status());
        }
        var held = SourceInspection.of(description.regions().get(FROM), sourceObjects, person.account());
        var stored = held.rows().keySet().stream()
                .filter(t -> t.startsWith("backup.") && !t.endsWith("_projection") && !t.equals(MARKET))
                .toList();
        DemoFailure.unless(stored.isEmpty() && held.objects() == 0, "stored before consent: %s", stored);
        screen.held("backup refused before consent; nothing stored: 0 rows, 0 objects");
    }

    private void backUp(Person person, Path data) throws IOException, InterruptedException {
        try (var repository = person.create(PHOTOS)) {
            var begin = System.nanoTime();
            var done = new Backup(repository, person.origin(), Tuning.standard())
                    .run(
                            data,
                            p -> screen.progress("%d of %d files, %s of %s"
                                    .formatted(
                                            p.doneFiles(), p.totalFiles(), mib(p.doneBytes()), mib(p.totalBytes()))));
            var seconds = (System.nanoTime() - begin) / 1e9;
            report.backup(done.files(), done.progress().doneBytes());
            screen.held(
                    "%d files, %s encrypted on the phone and stored, snapshot %s (%.0f MiB/s)",
                    done.files(),
                    mib(done.progress().doneBytes()),
                    done.snapshot().toString().substring(0, 8),
                    done.progress().doneBytes() / 1048576.0 / seconds);
            for (var warning : done.warnings()) {
                screen.line("    skipped: " + warning);
            }
        }
    }

    private record OpenInbox(InboxKeys keys, Messenger.Inbox inbox, UUID channel) {}

    private OpenInbox openInbox(Person person) throws IOException, InterruptedException {
        var keys = InboxKeys.generate(random);
        var channel = UUID.randomUUID();
        return new OpenInbox(keys, person.publishInbox(channel, keys), channel);
    }

    private void chat(Person lin, OpenInbox inbox) throws IOException, InterruptedException {
        var mei = Person.signUp(stack, "SG", "Mei", random);
        mei.consent("messaging");
        var found = find(mei, lin);
        try (var socket = lin.connect()) {
            for (int i = 0; i < CHAT; i++) {
                var text = "你好 Lin, this is message " + i;
                mei.messenger().send(found, text.getBytes(StandardCharsets.UTF_8), Duration.ofHours(1));
                DemoFailure.unless(text.equals(receive(socket, inbox)), "message %d did not arrive as it was sent", i);
            }
        }
        screen.held(
                "Mei found Lin by her e-mail address; %d messages encrypted on Mei's phone (RFC 8291), read on Lin's",
                CHAT);
    }

    /** Whom one may write to by their e-mail address: those who consented to be found, once that is known everywhere. */
    private Messenger.Inbox find(Person seeker, Person sought) throws IOException, InterruptedException {
        var end = Instant.now().plus(WAIT);
        while (true) {
            var found = seeker.messenger().find(sought.identifier());
            if (!found.isEmpty()) {
                return found.get(0);
            }
            DemoFailure.unless(Instant.now().isBefore(end), "Lin consented to be found, but is not");
            Thread.sleep(LOOK);
        }
    }

    /** The next message in clear, acknowledged; null when none came in time. */
    private static String receive(PushSocket socket, OpenInbox inbox) throws IOException {
        var notification = socket.next(WAIT);
        if (notification == null) {
            return null;
        }
        var text = new String(WebPushCipher.decrypt(notification.body(), inbox.keys()), StandardCharsets.UTF_8);
        socket.acknowledge(notification);
        return text;
    }

    private Moves operator() throws IOException {
        var client = DomicileClient.of(stack);
        return new Moves(client.signIn(client.regions().get(FROM), stack.operator()));
    }

    private JsonNode moveUnderWrites(Person lin, OpenInbox inbox, Moves operator)
            throws IOException, InterruptedException {
        var diary = Files.createDirectories(work.resolve("diary"));
        var mei = Person.signUp(stack, "SG", "Mei", random);
        try (var repository = lin.create(DIARY);
                var writer = new BackgroundWriter(lin, repository, diary, mei.messenger(), inbox.inbox())) {
            writer.start();
            var watch = MoveWatch.order(operator, screen, lin.account().toString(), TO);
            var move = watch.until(Set.of("SOAK", "PURGING", "ATTESTED"));
            var moved = writer.snapshots().size() + writer.messages().size();
            while (writer.snapshots().size() + writer.messages().size() < moved + 20) {
                screen.progress("writes go on at the new home");
                Thread.sleep(50);
            }
            writer.close();
            screen.held(
                    "moved while %d snapshots and %d messages were acknowledged (%d writes told to try again)",
                    writer.snapshots().size(), writer.messages().size(), writer.refused());
            count(lin, inbox, writer);
            move = watch.until(Set.of("ATTESTED", "SOAK", "PURGING"));
            report.move(move);
            return watch.until(Set.of("ATTESTED"));
        }
    }

    private void count(Person lin, OpenInbox inbox, BackgroundWriter writer) throws IOException, InterruptedException {
        var snapshots = new HashSet<String>();
        try (Repository repository = lin.open(DIARY)) {
            repository.snapshots().forEach(s -> snapshots.add(s.id().toString()));
        }
        var messages = new HashSet<String>();
        long twice = 0;
        try (var socket = lin.connect()) {
            while (messages.size() < writer.messages().size()) {
                var text = receive(socket, inbox);
                if (text == null) {
                    break;
                }
                twice += messages.add(text) ? 0 : 1;
                screen.progress("%d messages read".formatted(messages.size()));
            }
        }
        long lostSnapshots =
                writer.snapshots().stream().filter(s -> !snapshots.contains(s)).count();
        long lostMessages =
                writer.messages().stream().filter(m -> !messages.contains(m)).count();
        report.writes(writer.snapshots().size() + writer.messages().size(), lostSnapshots + lostMessages, twice);
        DemoFailure.unless(
                lostSnapshots + lostMessages == 0,
                "%d acknowledged snapshots and %d acknowledged messages are lost",
                lostSnapshots,
                lostMessages);
        DemoFailure.unless(twice == 0, "%d messages came twice", twice);
        screen.held(
                "all %d acknowledged snapshots and all %d acknowledged messages are there, none twice",
                writer.snapshots().size(), writer.messages().size());
    }

    private void restore(Person lin, Path data) throws IOException {
        var home = lin.session().get(Service.ACCOUNT, "/v1/me/residency");
        DemoFailure.unless(
                home.path("homeRegion").asText(home.path("home").asText()).equals(TO),
                "the account's home is not %s: %s",
                TO,
                home);
        var target = work.resolve("restored");
        try (var repository = Repository.open(lin.backend(PHOTOS), lin.password(), random, Clock.systemUTC())) {
            var snapshot = repository.snapshots().get(0);
            new Restore(repository, Tuning.standard())
                    .run(
                            snapshot.snapshot(),
                            target,
                            p -> screen.progress("%s of %s".formatted(mib(p.doneBytes()), mib(p.totalBytes()))));
        }
        var same = FolderComparison.of(data, target);
        DemoFailure.unless(same.isSame(), "restored files differ: %s", same.differences());
        report.restored(same.files(), same.bytes());
        screen.held("%d files, %s restored and the same byte for byte", same.files(), mib(same.bytes()));
    }

    private void purged(Person lin, JsonNode move) throws IOException, SQLException, InterruptedException {
        var left = SourceInspection.of(description.regions().get(FROM), sourceObjects, lin.account());
        report.left(left);
        DemoFailure.unless(left.rowsLeft() == 0, "rows left at the source: %s", left.rows());
        DemoFailure.unless(left.objects() == 0, "objects left at the source: %d", left.objects());
        screen.held("looked into every table, object and Keycloak of %s: 0 rows, 0 objects left", FROM);
        int receipts = 0;
        for (var named : move.path("receipts")) {
            var id = named.asText();
            var proof = cosigned(lin, id);
            screen.held(
                    "receipt %s: %s, signed by %s, number %d of its log, cosigned by %s, checked offline",
                    id,
                    proof.receipt().payload().path("kind").asText(),
                    proof.receipt().keyId(),
                    proof.index() + 1,
                    String.join(", ", proof.cosigned().keySet()));
            receipts++;
        }
        DemoFailure.unless(receipts > 0, "the move has no receipt");
        report.receipts(receipts);
    }

    /** The owner's receipt with its place in the region's log, once the other region has signed the log's head. */
    private static ReceiptProof cosigned(Person owner, String id) throws IOException, InterruptedException {
        var receipts = new Receipts(owner.session());
        var end = Instant.now().plus(WAIT);
        while (true) {
            try {
                var proof =
                        ReceiptProof.verify(receipts.proof(id), owner.client().regions());
                if (!proof.cosigned().isEmpty()) {
                    return proof;
                }
            } catch (ProblemException e) {
                DemoFailure.unless(e.status() == UNAVAILABLE, "the receipt %s is refused: %s", id, e.getMessage());
            }
            DemoFailure.unless(Instant.now().isBefore(end), "no other region has cosigned the log with receipt %s", id);
            Thread.sleep(LOOK);
        }
    }

    private void refusedMove(Moves operator) throws IOException, InterruptedException {
        var wang = Person.signUp(stack, "CN", "Wang", random);
        var end = Instant.now().plus(WAIT);
        while (true) {
            try {
                operator.order(wang.account().toString(), TO, false);
                throw new DemoFailure("a CN account was moved without a transfer basis");
            } catch (ProblemException e) {
                if (e.type().endsWith("/not-found") && Instant.now().isBefore(end)) {
                    Thread.sleep(LOOK); // the migration-service has not heard of the new account yet
                    continue;
                }
                DemoFailure.unless(
                        e.type().endsWith("/no-transfer-basis"),
                        "the move was refused for another reason: %s",
                        e.type());
                screen.held("moving a CN account to %s is refused: %s", TO, e.getMessage());
                return;
            }
        }
    }

    private static String mib(long bytes) {
        return "%.1f MiB".formatted(bytes / 1048576.0);
    }
}
