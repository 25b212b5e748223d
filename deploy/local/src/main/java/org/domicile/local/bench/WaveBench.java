package org.domicile.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Messenger;
import org.domicile.client.sdk.Session;
import org.domicile.client.sdk.Stack;
import org.domicile.local.StackDescription;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;
import org.domicile.local.process.PidFiles;

/** One run of {@code bench migration --wave}: waves of small accounts, one after the other. */
final class WaveBench {
    private static final String MARKET = "SG";
    private static final int MESSAGES = 5;
    /** Moves at a time while warming up. */
    private static final int WARMING = 2;

    private static final Duration BASELINE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Stack stack;
    private final StackDescription.Region region;
    private final PidFiles processes;
    private final Screen screen;
    private final int concurrency;
    private final int warmUp;
    private final SecureRandom random = new SecureRandom();

    /** @param warmUp accounts of a wave before the first that counts; services that have just started are slow, so its moves may fail */
    WaveBench(Home home, Screen screen, int concurrency, int warmUp) throws IOException {
        this.stack = Stack.read(home.folder());
        this.region = StackDescription.read(home.stackFile()).regions().get(MigrationBench.FROM);
        this.processes = new PidFiles(home.file("run"));
        this.screen = screen;
        this.concurrency = concurrency;
        this.warmUp = warmUp;
    }

    WaveResults run(List<Integer> sizes) throws IOException, InterruptedException, SQLException {
        var before = load();
        var client = DomicileClient.of(stack);
        var operator = client.signIn(client.regions().get(MigrationBench.FROM), stack.operator());
        var clones = new ClonedAccounts(region, template().account());
        var bystander = Person.signUp(stack, MARKET, "Bystander", random);
        if (warmUp > 0) {
            screen.line("Warming up with %d moves.".formatted(warmUp));
            new BenchWave(operator, screen, LOOK).run(clones.make(warmUp), WARMING, warmUp);
        }
        var waves = new ArrayList<WaveResults.Wave>();
        for (var size : sizes) {
            screen.line("Making %d accounts.".formatted(size));
            var accounts = clones.make(size);
            waves.add(wave(operator, accounts, bystander));
        }
        return new WaveResults(Runtime.getRuntime().availableProcessors(), List.of(before, load()), concurrency, waves);
    }

    /** A small account: a device, consents, an inbox, a few messages that wait. */
    private Person template() throws IOException, InterruptedException {
        var person = Person.signUp(stack, MARKET, "Template", random);
        person.addDevice("phone");
        person.consent("messaging");
        person.consent("backup");
        Messenger.Inbox inbox;
        try (var socket = person.connect()) {
            var endpoint = socket.register(UUID.randomUUID());
            inbox = new Messenger.Inbox(
                    person.device().id(), endpoint, InboxKeys.generate(random).forSenders());
        }
        for (int i = 0; i < MESSAGES; i++) {
            person.messenger().send(inbox, ("message " + i).getBytes(StandardCharsets.UTF_8), Duration.ofDays(1));
        }
        return person;
    }

    private WaveResults.Wave wave(Session operator, List<UUID> accounts, Person bystander)
            throws IOException, InterruptedException {
        var alone = foreground(bystander, BASELINE);
        var meters = meters();
        for (var meter : meters.values()) {
            meter.forgetPeak();
        }
        var cpu = cpu(meters);
        var begin = System.nanoTime();
        JsonNode ended;
        List<Double> meanwhile;
        try (var asking = new Foreground(bystander)) {
            asking.start();
            ended = new BenchWave(operator, screen, LOOK).run(accounts, concurrency);
            meanwhile = asking.end();
        }
        var seconds = (System.nanoTime() - begin) / 1e9;
        var peaks = new TreeMap<String, Double>();
        for (var meter : meters.entrySet()) {
            peaks.put(meter.getKey(), meter.getValue().peakMebibytes());
        }
        var spent = cpu(meters);
        cpu.forEach((part, from) -> spent.computeIfPresent(part, (same, to) -> to - from));
        return new WaveResults.Wave(
                accounts.size(),
                ended.path("accounts").path("MOVED").asLong(),
                seconds,
                peaks,
                spent,
                alone,
                meanwhile);
    }

    private List<Double> foreground(Person bystander, Duration time) throws IOException, InterruptedException {
        try (var asking = new Foreground(bystander)) {
            asking.start();
            Thread.sleep(time);
            return asking.end();
        }
    }

    private Map<String, ProcessMeter> meters() {
        var meters = new TreeMap<String, ProcessMeter>();
        processes.running().forEach((part, process) -> {
            if (!part.equals(PidFiles.LAUNCHER)) {
                meters.put(part, new ProcessMeter(process.pid()));
            }
        });
        return meters;
    }

    private static Map<String, Double> cpu(Map<String, ProcessMeter> meters) throws IOException {
        var seconds = new TreeMap<String, Double>();
        for (var meter : meters.entrySet()) {
            seconds.put(meter.getKey(), meter.getValue().cpuSeconds());
        }
        return seconds;
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
