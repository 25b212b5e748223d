package org.domicile.local.bench.messaging;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.SSLSocketFactory;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Stack;
import org.domicile.local.StackDescription;
import org.domicile.local.bench.ResultFile.Results;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;

/** One run of {@code bench messaging}. */
final class MessagingBench {
    /**
     * @param idle connections behind a proxy that ends TLS, one measurement each
     * @param idleTls connections with TLS in the service
     * @param rounds how often the systems are measured, in turns
     * @param messages in each phase; @param devices that they go to
     */
    record Plan(
            int[] idle,
            int[] idleTls,
            int rounds,
            int messages,
            int devices,
            int senders,
            int seconds,
            boolean peers) {}

    /** Connects under way. */
    private static final int AT_ONCE = 200;
    /** The same with TLS: a handshake is given ten seconds, and two processors do not get through many that begin together. */
    private static final int AT_ONCE_TLS = 20;

    private final Home home;
    private final StackDescription stack;
    private final String region;
    private final Plan plan;
    private final Screen screen;
    private final double loadBefore = load();
    private final List<Connections.Result> connections = new ArrayList<>();
    private final List<List<Load.Result>> rounds = new ArrayList<>();

    MessagingBench(Home home, StackDescription stack, String region, Plan plan, Screen screen) {
        this.home = home;
        this.stack = stack;
        this.region = region;
        this.plan = plan;
        this.screen = screen;
    }

    /** @param measured is told what there is after each phase: a later one may fail */
    void run(Results<MessagingResults> measured) throws IOException, InterruptedException, SQLException {
        var work = Files.createTempDirectory(Files.createDirectories(home.file("bench")), "messaging-")
                .toAbsolutePath();
        var wanted = IntStream.concat(
                        IntStream.of(plan.devices()),
                        IntStream.concat(IntStream.of(plan.idle()), IntStream.of(plan.idleTls())))
                .max()
                .orElseThrow();
        screen.line("Making " + wanted + " devices.");
        try (var seeded = new SeededDevices(stack.regions().get(region))) {
            var devices = seeded.make(wanted);
            connections(seeded, devices, work, measured);
            systems(seeded, devices, work, measured);
            delete(work);
        }
    }

    private MessagingResults results() {
        return new MessagingResults(
                Runtime.getRuntime().availableProcessors(),
                new double[] {loadBefore, load()},
                connections,
                plan.devices(),
                plan.messages(),
                rounds);
    }

    private void connections(
            SeededDevices seeded, List<SeededDevices.Device> devices, Path work, Results<MessagingResults> measured)
            throws IOException, InterruptedException, SQLException {
        for (var count : plan.idle()) {
            screen.line(count + " connections behind a proxy that ends TLS.");
            try (var instance = OwnInstance.start(home, region, work.resolve("plain-" + count))) {
                var transport = new PushTransport(devices, instance.plain(), null);
                connections.add(new Connections(instance, seeded, transport, count, AT_ONCE)
                        .run("behind a proxy", plan.senders()));
            }
            measured.soFar(results());
        }
        for (var count : plan.idleTls()) {
            screen.line(count + " connections with TLS in the service.");
            try (var instance = OwnInstance.start(home, region, work.resolve("tls-" + count))) {
                var transport = new PushTransport(devices, instance.tls(), tls());
                connections.add(
                        new Connections(instance, seeded, transport, count, AT_ONCE_TLS).run("TLS in the service", 0));
            }
            measured.soFar(results());
        }
    }

    /** One after the other, each alone on the machine, in turns: what the machine does differently meanwhile, it does to all. */
    private void systems(
            SeededDevices seeded, List<SeededDevices.Device> devices, Path work, Results<MessagingResults> measured)
            throws IOException, InterruptedException, SQLException {
        if (plan.messages() < 1) {
            return;
        }
        var systems = systems(devices);
        for (int number = 1; number <= plan.rounds(); number++) {
            screen.line("Round " + number + " of " + plan.rounds() + ".");
            var round = new ArrayList<Load.Result>();
            rounds.add(round);
            // none is always the first
            for (var system : number % 2 == 1 ? systems : systems.reversed()) {
                try (var transport = system.start(Files.createDirectories(work.resolve("round-" + number)))) {
                    round.add(measure(transport, seeded));
                }
                measured.soFar(results());
            }
        }
    }

    private interface Measured {
        Transport start(Path folder) throws IOException, InterruptedException, SQLException;
    }

    private List<Measured> systems(List<SeededDevices.Device> devices) throws IOException {
        var systems = new ArrayList<Measured>();
        systems.add(folder -> PushTransport.of(devices, OwnInstance.start(home, region, folder.resolve("own"))));
        if (plan.peers() && installed(XmppTransport.missing())) {
            systems.add(folder -> new XmppTransport(
                    stack.regions().get(region), folder.resolve("ejabberd"), plan.devices(), plan.senders()));
        }
        if (plan.peers() && installed(MqttTransport.missing())) {
            systems.add(folder -> new MqttTransport(folder.resolve("mosquitto"), plan.devices()));
        }
        return systems;
    }

    private boolean installed(Optional<String> missing) {
        missing.ifPresent(screen::line);
        return missing.isEmpty();
    }

    private Load.Result measure(Transport transport, SeededDevices seeded)
            throws IOException, InterruptedException, SQLException {
        var load = new Load(transport, plan.devices(), plan.senders());
        screen.line(transport.name() + ": warming up.");
        load.run(plan.messages() / 4, 2);
        seeded.checkpoint();
        screen.line(transport.name() + ": " + plan.messages() + " messages.");
        return load.run(plan.messages(), plan.seconds());
    }

    /** The logs of a run that failed stay. */
    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private SSLSocketFactory tls() throws IOException {
        var client = DomicileClient.of(Stack.read(home.folder()));
        return client.http().client().sslContext().getSocketFactory();
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
