package org.domicile.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Moves;
import org.domicile.client.sdk.Service;
import org.domicile.local.LocalFailure;
import org.domicile.local.Stack;
import org.domicile.local.StackDescription;
import org.domicile.local.bench.BackupBenchCommand;
import org.domicile.local.demo.DemoCommand;
import org.domicile.local.demo.FolderComparison;
import org.domicile.local.demo.MoveWatch;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.Screen;
import org.domicile.local.demo.SourceInspection;
import org.domicile.local.home.Home;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What users do, across two whole regions. */
@ExtendWith(StartedStack.class)
class TwoRegionsIT {
    private static final String CN = StartedStack.CN;
    private static final String SG = StartedStack.SG;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Screen SCREEN = new Screen(new PrintWriter(System.err, true), false);

    private final Home home = StartedStack.home();
    private final StackDescription description = StartedStack.description();
    private final org.domicile.client.sdk.Stack client = StartedStack.client();

    @TempDir
    private Path folder;

    @Test
    void the_demo_holds_on_awkward_files() throws IOException {
        var data = Files.createDirectories(folder.resolve("data/深/目录"));
        Files.write(data.resolve("empty"), new byte[0]);
        Files.writeString(data.resolve("名字 with spaces and 'quotes'.txt"), "hello");
        Files.createSymbolicLink(data.resolve("link"), Path.of("empty"));
        var large = new byte[24 << 20];
        new Random(7).nextBytes(large);
        Files.write(data.resolve("large.bin"), large);

        assertEquals(
                0,
                new CommandLine(new DemoCommand())
                        .execute("--data", folder.resolve("data").toString()));
    }

    @Test
    void stock_restic_keeps_its_address_through_a_move() throws Exception {
        assumeTrue(StockRestic.isInstalled(), "restic is not installed: .ci/run installs it");
        var person = consenting("backup");
        var restic = new StockRestic(home.file("ca.pem"), folder.resolve("cache"));
        var data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("letter.txt"), "Dear Domicile");
        var origin = URI.create(description.backup());
        held(restic.run(origin, person.device(), "stock", "init"));
        held(restic.run(origin, person.device(), "stock", "backup", data.toString()));

        move(person);

        Files.writeString(data.resolve("second.txt"), "written after the move");
        held(restic.run(origin, person.device(), "stock", "backup", data.toString()));
        for (var address : List.of(description.backup(), backupOf(CN), backupOf(SG))) {
            held(restic.run(URI.create(address), person.device(), "stock", "check", "--read-data"));
        }
        var restored = folder.resolve("restored");
        held(restic.run(
                URI.create(backupOf(CN)),
                person.device(),
                "stock",
                "restore",
                "latest",
                "--target",
                restored.toString()));
        assertTrue(FolderComparison.of(data, restored.resolve(Path.of("/").relativize(data)))
                .isSame());
        var left = SourceInspection.of(description.regions().get(CN), home.file(CN + "/s3/objects"), person.account());
        assertEquals(0, left.objects(), "relayed content was stored at the old home");
    }

    @Test
    void webdav_files_arrive_byte_for_byte_and_keep_their_address() throws Exception {
        var person = consenting("backup");
        var neutral = new DavClient(person, description.backup());
        neutral.awaitConsent();
        var large = bytes(9_000_001);
        var photo = bytes(123_456);
        assertEquals(201, neutral.status("MKCOL", "照片"));
        assertEquals(201, neutral.put("照片/large.bin", large));
        assertEquals(201, neutral.put("photo.jpg", bytes(77)));
        assertEquals(204, neutral.put("photo.jpg", photo));
        assertEquals(201, neutral.put("empty", new byte[0]));

        move(person);

        for (var address : List.of(description.backup(), backupOf(CN), backupOf(SG))) {
            var dav = new DavClient(person, address);
            assertArrayEquals(large, dav.get("照片/large.bin"));
            assertArrayEquals(photo, dav.get("photo.jpg"));
            assertArrayEquals(new byte[0], dav.get("empty"));
            assertEquals(6, dav.list().split("<D:response>", -1).length - 1);
        }
        var relayed = new DavClient(person, backupOf(CN));
        var later = bytes(5_000_000);
        assertEquals(201, relayed.put("later.bin", later));
        assertArrayEquals(later, neutral.get("later.bin"));
        var left = SourceInspection.of(description.regions().get(CN), home.file(CN + "/s3/objects"), person.account());
        assertEquals(0, left.objects(), "relayed content was stored at the old home");
        assertEquals(0, left.rowsLeft(), left.rows().toString());
    }

    @Test
    void a_shop_moves_with_its_customer_while_she_orders() throws Exception {
        var person = Person.signUp(client, "SG", "Lin", RANDOM);
        try (var customer = Shops.customer(person)) {
            var ordering = Shops.ordering(customer);
            Wait.until("orders come in", () -> customer.acknowledged() > 20);

            move(person);

            Wait.until("she has gone to the new home", customer::hasMoved);
            var moved = customer.acknowledged();
            Wait.until("orders come in there", () -> customer.acknowledged() > moved + 20);
            customer.stop();
            ordering.join();
            assertEquals(List.of(), customer.breaches(Shops.EARLIER));
        }
        var account = new AccountId(person.account());
        Shops.of(CN)
                .rows(account)
                .forEach((table, rows) -> assertEquals(Set.of(), rows, table + " of the shop that she left"));
    }

    @Test
    void the_benchmark_of_backup_measures_both_sides() throws Exception {
        assumeTrue(
                StockRestic.isInstalled() && Files.isExecutable(Path.of("/usr/bin/rclone")),
                "restic or rclone is not installed: .ci/run installs them");
        var results = folder.resolve("backup.json");

        assertEquals(
                0,
                new CommandLine(new BackupBenchCommand())
                        .execute(
                                "--size=8m",
                                "--warm-up=0",
                                "--rounds=1",
                                "--uploads=2",
                                "--blobs=1000",
                                "--out",
                                results.toString()));

        var json = new ObjectMapper().readTree(results.toFile());
        for (var phase : List.of("BACKUP", "UNCHANGED", "RESTORE", "CHECK")) {
            assertTrue(json.at("/phases/" + phase + "/ratio").asDouble() > 0, json.toString());
        }
        assertTrue(json.at("/uploads/peakMiB").asDouble() > 0, json.toString());
        assertEquals(7, json.at("/list/milliseconds").size());
    }

    @Test
    void a_rollback_takes_back_what_was_written_at_the_new_home() throws Exception {
        assumeTrue(StockRestic.isInstalled(), "restic is not installed: .ci/run installs it");
        var person = consenting("backup");
        var restic = new StockRestic(home.file("ca.pem"), folder.resolve("cache"));
        var data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("first.txt"), "written before the move");
        var origin = URI.create(description.backup());
        held(restic.run(origin, person.device(), "stock", "init"));
        held(restic.run(origin, person.device(), "stock", "backup", data.toString()));
        var operator = DomicileClient.of(client);
        var moves = new Moves(operator.signIn(operator.regions().get(CN), client.operator()));
        var move =
                moves.order(person.account().toString(), SG, false).path("id").asText();
        until(moves, move, "SOAK");
        assertEquals("HELD", moves.hold(move, "a test").path("state").asText());
        Files.writeString(data.resolve("second.txt"), "written at the new home");
        held(restic.run(origin, person.device(), "stock", "backup", data.toString()));
        moves.release(move);

        var rollback = moves.back(move).path("id").asText();

        until(moves, rollback, "ATTESTED");
        held(restic.run(URI.create(backupOf(CN)), person.device(), "stock", "check", "--read-data"));
        var restored = folder.resolve("restored");
        held(restic.run(origin, person.device(), "stock", "restore", "latest", "--target", restored.toString()));
        assertTrue(FolderComparison.of(data, restored.resolve(Path.of("/").relativize(data)))
                .isSame());
        var left = SourceInspection.of(description.regions().get(SG), home.file(SG + "/s3/objects"), person.account());
        assertEquals(0, left.objects(), "the region that was left keeps nothing");
    }

    private static void until(Moves moves, String move, String state) throws Exception {
        var end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (true) {
            var now = moves.get(move);
            if (now.path("state").asText().equals(state)) {
                return;
            }
            assertTrue(System.nanoTime() < end && !now.path("state").asText().equals("ABORTED"), now.toString());
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
        }
    }

    @Test
    void the_old_home_tells_where_the_account_lives() throws Exception {
        var person = consenting("backup");
        var token = person.session().accessToken().reveal();

        move(person);

        var http = person.client().http().client();
        var request = HttpRequest.newBuilder(
                        URI.create(description.regions().get(CN).account() + "/v1/me"))
                .header("Authorization", "Bearer " + token)
                .build();
        var answer = http.send(request, BodyHandlers.ofString());
        assertEquals(421, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("\"homeRegion\":\"" + SG + "\""), answer.body());
        assertEquals(
                person.account().toString(),
                person.session()
                        .get(Service.ACCOUNT, "/v1/me")
                        .path("accountId")
                        .asText());
        assertEquals(SG, person.session().home().id());
    }

    @Test
    void topics_carry_no_personal_content() throws Exception {
        var name = "Zhuāngzǐ-" + Long.toString(RANDOM.nextLong(1L << 40), 36);
        var person = Person.signUp(client, "SG", name, RANDOM);
        person.addDevice(name + "'s phone");
        person.consent("backup");
        for (var region : List.of(CN, SG)) {
            for (var value : everyRecordOf(region)) {
                assertFalse(value.contains(name) || value.contains(name.toLowerCase()), value);
                assertFalse(value.contains("@example.org"), value);
            }
        }
    }

    @Test
    void a_second_start_says_that_one_is_running() {
        var failure = assertThrows(LocalFailure.class, () -> new Stack(home, List.of(CN), line -> {}));
        assertTrue(failure.getMessage().contains("is running"), failure.getMessage());
    }

    private static byte[] bytes(int size) {
        var bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private Person consenting(String feature) throws IOException {
        var person = Person.signUp(client, "SG", "Ann", RANDOM);
        person.addDevice("phone");
        person.consent(feature);
        return person;
    }

    private void move(Person person) throws IOException, InterruptedException {
        var operator = DomicileClient.of(client);
        var moves = new Moves(operator.signIn(operator.regions().get(CN), client.operator()));
        MoveWatch.order(moves, SCREEN, person.account().toString(), SG).until(Set.of("ATTESTED"));
    }

    private String backupOf(String region) {
        return description.regions().get(region).backup();
    }

    private static void held(StockRestic.Ended ended) {
        assertEquals(0, ended.code(), ended.output());
    }

    private List<String> everyRecordOf(String region) throws IOException {
        return TopicRecords.of(description.regions().get(region)).stream()
                .map(r -> r.key() + " " + r.value())
                .toList();
    }
}
