package org.domicile.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.domicile.system.StartedStack.CN;
import static org.domicile.system.StartedStack.SG;
import static org.domicile.system.StartedStack.client;
import static org.domicile.system.StartedStack.description;
import static org.domicile.system.StartedStack.home;
import static org.domicile.system.StartedStack.stack;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;
import org.domicile.client.sdk.Account;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Identifier;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Messenger;
import org.domicile.client.sdk.Moves;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.SourceInspection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an owner may ask for, across two whole regions: everything in one archive, and then nothing anywhere. */
@ExtendWith(StartedStack.class)
class ErasureIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Where the newest state of an account is kept until it is deleted. */
    private static final List<String> COMPACTED = List.of("consent.state", "device.state", "residency.directory");

    private static final Pattern EXPLAINED = Pattern.compile("[a-z]+/[a-z-]+\\.jsonl");

    private final SecureRandom random = new SecureRandom();

    @TempDir
    private Path folder;

    @Test
    void an_account_that_moved_is_handed_over_whole_and_then_nothing_of_it_is_left_anywhere() throws Exception {
        assumeTrue(StockRestic.isInstalled(), "restic is not installed: .ci/run installs it");
        var name = "Zhuangzi-" + Long.toString(random.nextLong(1L << 50), 36);
        var phone = "+659" + (1_000_000 + random.nextInt(7_000_000));
        var lin = Person.signUp(client(), "SG", name, Identifier.of(phone), random);
        var mei = Person.signUp(client(), "SG", "Mei", random);
        var planted = new Planted(
                name,
                name.toLowerCase(Locale.ROOT),
                phone,
                phone.replace("+", "%2B"),
                mei.identifier().value());
        assertTrue(planted.holds(
                ("x" + Base64.getEncoder().encodeToString(("y" + phone).getBytes(UTF_8))).getBytes(UTF_8)));

        use(lin, mei, name);
        move(lin);
        // every server has what it was given by now; most of it is in files, and the rest is there after the erasure
        assertEquals(Set.of(), planted.in(home().folder()), "in clear while the accounts are there");
        var account = new Account(lin.session());
        exported(account, name, phone);
        var job = account.erase();
        erased(lin, job);
        erased(mei, new Account(mei.session()).erase());

        for (var region : List.of(CN, SG)) {
            for (var person : List.of(lin, mei)) {
                nothingLeft(region, person.account());
            }
        }
        assertEquals(Set.of(), planted.in(home().folder()), "in clear after the erasure");
        assertTrue(job.path("retained").toString().contains("erasure-list"), job.toString());
    }

    /** Rule 13: in the soak both regions hold the account, and both must have nothing left. */
    @Test
    void an_erasure_in_the_soak_completes_whatever_dies_between_its_steps() throws Exception {
        var person = Person.signUp(client(), "SG", "Ann", random);
        person.addDevice("phone");
        person.consent("backup");
        person.consent("messaging");
        move(person);
        // who was ordered to purge is away and cannot look: the erasure stays open, so that others can die in its
        // middle
        stack().kill(CN + "-backup");

        var job = new Account(person.session()).erase();
        stack().restart(SG + "-account");
        until(
                "the other services of both regions have purged",
                () -> lacks(SG, person, "account.account", "backup.account_market")
                        && lacks(CN, person, "account.account"),
                () -> rowsOf(SG, person) + " and " + rowsOf(CN, person));
        for (var region : List.of(SG, CN)) {
            stack().restart(region + "-migration");
        }
        assertEquals("ORDERED", status(person, job), "one service has not looked");
        stack().restart(CN + "-backup");

        erased(person, job);
        for (var region : List.of(CN, SG)) {
            nothingLeft(region, person.account());
        }
    }

    private static boolean lacks(String region, Person person, String... tables) throws SQLException {
        return Collections.disjoint(rowsOf(region, person).keySet(), List.of(tables));
    }

    private static Map<String, Long> rowsOf(String region, Person person) throws SQLException {
        return new Leftovers(description().regions().get(region), person.account()).rows();
    }

    private void use(Person lin, Person mei, String name) throws Exception {
        lin.addDevice(name + "'s phone");
        lin.consent("backup");
        lin.consent("messaging");
        mei.consent("messaging");
        var dav = new DavClient(lin, description().backup());
        dav.awaitConsent();
        for (var region : description().regions().values()) {
            // the other region relays once it has heard where the account lives
            new DavClient(lin, region.backup()).awaitConsent();
        }
        assertEquals(201, dav.put(name + ".txt", ("Dear " + name).getBytes(UTF_8)));
        var restic = new StockRestic(home().file("ca.pem"), folder.resolve("cache"));
        var data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve(name + ".txt"), "Dear " + name);
        var origin = URI.create(description().backup());
        held(restic.run(origin, lin.device(), "phone", "init"));
        held(restic.run(origin, lin.device(), "phone", "backup", data.toString()));
        Messenger.Inbox inbox;
        try (var socket = lin.connect()) {
            inbox = new Messenger.Inbox(
                    lin.device().id(),
                    socket.register(UUID.randomUUID()),
                    InboxKeys.generate(random).forSenders());
        }
        lin.messenger().publish(inbox);
        mei.messenger().send(inbox, ("Dear " + name).getBytes(UTF_8), Duration.ofHours(1));
    }

    /** The soak begins: both regions hold the account. */
    private static void move(Person person) throws Exception {
        var operator = DomicileClient.of(client());
        var moves = new Moves(operator.signIn(operator.regions().get(CN), client().operator()));
        var id = moves.order(person.account().toString(), SG, false).path("id").asText();
        until("moved", () -> Set.of("SOAK", "PURGING", "ATTESTED")
                .contains(moves.get(id).path("state").asText()));
    }

    private static void exported(Account account, String name, String phone) throws Exception {
        var job = account.export();
        until(
                "the archive",
                () -> account.exportState(job).path("state").asText().equals("READY"));
        var files = unzip(account.archive(account.exportState(job)));
        var manifest = JSON.readTree(files.get("manifest.json"));
        assertEquals(files.size() - 1, manifest.path("files").size());
        for (var file : manifest.path("files")) {
            var content = files.get(file.path("path").asText());
            assertEquals(file.path("bytes").asInt(), content.length, file.toString());
            assertEquals(file.path("sha256").asText(), sha256(content), file.toString());
        }
        EXPLAINED
                .matcher(new String(files.get("README.txt"), UTF_8))
                .results()
                .forEach(file ->
                        assertTrue(files.containsKey(file.group()), file.group() + " is explained and not there"));
        contains(files, "account/profile.jsonl", name);
        contains(files, "account/profile.jsonl", phone);
        contains(files, "account/devices.jsonl", name + "'s phone");
        contains(files, "account/consents.jsonl", "messaging");
        contains(files, "backup/repositories.jsonl", "phone");
        contains(files, "backup/backups.jsonl", "sha256");
        contains(files, "messaging/subscriptions.jsonl", "channel");
        contains(files, "messaging/inbox.jsonl", "endpoint");
        contains(files, "messaging/messages.jsonl", "body");
        assertTrue(
                files.entrySet().stream()
                        .filter(file -> file.getKey().startsWith("backup/"))
                        .anyMatch(file -> new String(file.getValue(), UTF_8).contains(name + ".txt")),
                "the WebDAV file is not in " + files.keySet());
    }

    private static void contains(Map<String, byte[]> files, String file, String text) {
        assertTrue(files.containsKey(file), file + " is not in " + files.keySet());
        var content = new String(files.get(file), UTF_8);
        assertTrue(content.contains(text), content);
    }

    private static void erased(Person person, JsonNode job) throws Exception {
        until("erased", () -> status(person, job).equals("ERASED"));
    }

    /** Asked without an account, at the home that the erasure was asked for. */
    static String status(Person person, JsonNode job) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(description()
                                .regions()
                                .get(person.session().home().id())
                                .account()
                        + job.path("status").asText()))
                .build();
        var answer = person.client().http().client().send(request, BodyHandlers.ofString());
        return JSON.readTree(answer.body()).path("state").asText();
    }

    /** Records of the account stay on topics until the next compaction, and say nothing any more then. */
    private static void nothingLeft(String region, UUID account) throws Exception {
        var leftovers = new Leftovers(description().regions().get(region), account);
        until("no table names the account", () -> leftovers.rows().isEmpty(), () -> leftovers
                .rows()
                .toString());
        var objects = SourceInspection.of(
                        description().regions().get(region), home().file(region + "/s3/objects"), account)
                .objects();
        assertEquals(0, objects, "objects in " + region);
        until(
                "the account is deleted from every compacted topic",
                () -> leftovers.newestRecords().entrySet().stream()
                        .filter(record -> COMPACTED.stream()
                                .anyMatch(topic -> record.getKey().endsWith(topic)))
                        .allMatch(record -> record.getValue().equals(Optional.empty())),
                () -> leftovers.newestRecords().toString());
    }

    private static void until(String what, Callable<Boolean> condition) throws Exception {
        until(what, condition, () -> "");
    }

    private static void until(String what, Callable<Boolean> condition, Callable<String> seen) throws Exception {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, what + ": not after " + PATIENCE + " " + seen.call());
            LockSupport.parkNanos(100_000_000);
        }
    }

    private static Map<String, byte[]> unzip(byte[] archive) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static void held(StockRestic.Ended ended) {
        assertEquals(0, ended.code(), ended.output());
    }
}
