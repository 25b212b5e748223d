package org.domicile.local.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.domicile.client.sdk.Account;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;
import org.domicile.local.process.PidFiles;

/** One run of {@code bench backup}. */
final class BackupBench {
    private static final String OURS = "ours";
    private static final double GIB = 1 << 30;
    private static final double MIB = 1 << 20;
    private static final int TRIES = 7;
    private static final int MOST_OBJECTS = 16;
    private static final Duration CONSENT = Duration.ofSeconds(15);

    /**
     * What to measure.
     *
     * @param size bytes of data
     * @param warmUp rounds of each side before those that count
     */
    record Plan(long size, int warmUp, int rounds, int uploads, int blobs) {
        /** Of 16 MiB, for the rates of transfers and of the store itself. */
        int objects() {
            return Math.min(MOST_OBJECTS, uploads);
        }
    }

    private final Home home;
    private final String regionId;
    private final StackDescription.Region region;
    private final StackDescription.Region other;
    private final Plan plan;
    private final Screen screen;

    /** @param otherId a region where the account does not live */
    BackupBench(Home home, StackDescription stack, String regionId, String otherId, Plan plan, Screen screen) {
        this.home = home;
        this.regionId = regionId;
        this.region = stack.regions().get(regionId);
        this.other = stack.regions().get(otherId);
        this.plan = plan;
        this.screen = screen;
    }

    BackupResults run() throws IOException, InterruptedException, SQLException {
        var folder = Files.createDirectories(home.file("bench"));
        screen.line("Making " + plan.size() + " bytes of data.");
        var data = BenchData.at(folder.resolve("data-" + plan.size()), plan.size());
        var person =
                Person.signUp(org.domicile.client.sdk.Stack.read(home.folder()), "SG", "Bench", new SecureRandom());
        person.addDevice("bench");
        person.consent("backup");
        var load = load();
        var meter = new ProcessMeter(pid(regionId + "-backup"));
        var work = Files.createTempDirectory(folder, "run-");
        try (var peer = new RclonePeer(region.s3(), home.file(regionId + "/backup/tls"), work.resolve("peer"))) {
            var ours = new Side(OURS, origin(person.device()), home.file("ca.pem"), work.resolve("ours"), meter);
            var theirs = new Side(
                    "peer", peer.origin(), home.file("ca.pem"), work.resolve("theirs"), new ProcessMeter(peer.pid()));
            awaitConsent(person);
            for (int round = 1; round <= plan.warmUp(); round++) {
                screen.line("Warming up, %d of %d.".formatted(round, plan.warmUp()));
                round("warm-up-" + round, person, peer, List.of(ours, theirs), data);
            }
            ours.forget();
            theirs.forget();
            rounds(person, peer, ours, theirs, data);
            return new BackupResults(
                    plan.size(),
                    plan.warmUp(),
                    plan.rounds(),
                    Runtime.getRuntime().availableProcessors(),
                    List.of(load, load()),
                    phases(ours, theirs),
                    Map.of("ours", perGib(ours), "peer", perGib(theirs)),
                    uploads(person, meter),
                    list(person),
                    relay(person),
                    raw(peer, work));
        } finally {
            Side.delete(work);
        }
    }

    /** In alternation, each round begun by the other side, so that what else the machine does meets both. */
    private void rounds(Person person, RclonePeer peer, Side ours, Side theirs, Path data)
            throws IOException, InterruptedException {
        for (int round = 1; round <= plan.rounds(); round++) {
            screen.line("Round %d of %d.".formatted(round, plan.rounds()));
            var order = round % 2 == 1 ? List.of(ours, theirs) : List.of(theirs, ours);
            round("round-" + round, person, peer, order, data);
        }
    }

    private void round(String repository, Person person, RclonePeer peer, List<Side> order, Path data)
            throws IOException, InterruptedException {
        for (var side : order) {
            side.init(repository);
            side.round(repository, data);
            if (side.name().equals(OURS)) {
                send(person, "DELETE", "/restic/" + repository + "/");
            } else {
                peer.delete(repository);
            }
        }
    }

    private static Map<String, BackupResults.Phase> phases(Side ours, Side theirs) {
        var phases = new LinkedHashMap<String, BackupResults.Phase>();
        for (var phase : Side.Phase.values()) {
            phases.put(
                    phase.name(),
                    BackupResults.Phase.of(
                            ours.seconds().get(phase), theirs.seconds().get(phase)));
        }
        return phases;
    }

    private double perGib(Side side) {
        return side.cpuSeconds() / plan.rounds() / (plan.size() / GIB);
    }

    private BackupResults.Uploads uploads(Person person, ProcessMeter meter) throws IOException, InterruptedException {
        screen.line(plan.uploads() + " concurrent uploads of 16 MiB.");
        send(person, "POST", "/restic/uploads/?create=true");
        var rest = meter.residentMebibytes();
        meter.forgetPeak();
        var seconds = new ConcurrentUploads(
                        http(person), URI.create(region.backup() + "/restic/uploads/"), basic(person.device()))
                .run(plan.uploads());
        var peak = meter.peakMebibytes();
        send(person, "DELETE", "/restic/uploads/");
        return new BackupResults.Uploads(plan.uploads(), seconds, rest, peak);
    }

    private BackupResults.Listing list(Person person) throws IOException, InterruptedException, SQLException {
        screen.line("A list of " + plan.blobs() + " blobs.");
        send(person, "POST", "/restic/listing/?create=true");
        var seeded = new SeededBlobs(region, person.account(), "listing");
        seeded.insert(plan.blobs());
        var milliseconds = new ArrayList<Double>();
        for (int i = 0; i < TRIES; i++) {
            var begin = System.nanoTime();
            send(person, "GET", "/restic/listing/data/");
            milliseconds.add((System.nanoTime() - begin) / 1e6);
        }
        seeded.delete();
        send(person, "DELETE", "/restic/listing/");
        return new BackupResults.Listing(plan.blobs(), milliseconds);
    }

    /** The same transfers at the home region, and through the other region's relay. */
    private Map<String, RclonePeer.Raw> relay(Person person) throws IOException, InterruptedException {
        screen.line("Transfers at home, and relayed by another region.");
        var rates = new LinkedHashMap<String, RclonePeer.Raw>();
        for (var origin :
                Map.of("home", region.backup(), "relayed", other.backup()).entrySet()) {
            var repository = "/restic/" + origin.getKey() + "/";
            send(person, "POST", repository + "?create=true");
            var transfers = new ConcurrentUploads(
                    http(person), URI.create(origin.getValue() + repository), basic(person.device()));
            rates.put(
                    origin.getKey(),
                    new RclonePeer.Raw(rate(transfers.run(plan.objects())), rate(transfers.fetch(plan.objects()))));
            send(person, "DELETE", repository);
        }
        return rates;
    }

    private double rate(double seconds) {
        return plan.objects() * (ConcurrentUploads.SIZE / MIB) / seconds;
    }

    private RclonePeer.Raw raw(RclonePeer peer, Path work) throws IOException, InterruptedException {
        screen.line("The store itself.");
        var objects = work.resolve("objects");
        var random = new Random(7);
        for (int i = 0; i < plan.objects(); i++) {
            BenchData.write(objects.resolve("object-" + i), ConcurrentUploads.SIZE, random);
        }
        return peer.raw(objects, (long) plan.objects() * ConcurrentUploads.SIZE);
    }

    /** A consent given a moment ago is waited for until the service knows it. */
    private void awaitConsent(Person person) throws IOException, InterruptedException {
        var until = System.nanoTime() + CONSENT.toNanos();
        while (answer(person, "POST", "/restic/consent/?create=true").statusCode() != 200) {
            if (System.nanoTime() > until) {
                throw new LocalFailure("The backup service does not learn of the consent: see its log.");
            }
            Thread.sleep(100);
        }
    }

    private void send(Person person, String method, String path) throws IOException, InterruptedException {
        var answer = answer(person, method, path);
        if (answer.statusCode() != 200) {
            throw new LocalFailure(method + " " + path + " was answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private HttpResponse<String> answer(Person person, String method, String path)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(region.backup() + path))
                .header("Authorization", basic(person.device()))
                .header("Accept", "application/vnd.x.restic.rest.v2")
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http(person).send(request, BodyHandlers.ofString());
    }

    private static HttpClient http(Person person) {
        return person.client().http().client();
    }

    private String origin(Account.Device device) {
        return "rest:https://" + device.id() + ":" + device.secret().reveal() + "@"
                + URI.create(region.backup()).getAuthority() + "/restic/";
    }

    private static String basic(Account.Device device) {
        var login = device.id() + ":" + device.secret().reveal();
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private long pid(String part) {
        var process = new PidFiles(home.file("run")).running().get(part);
        if (process == null) {
            throw new LocalFailure("The service " + part + " is not running: start the stack with ./domicile up.");
        }
        return process.pid();
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
