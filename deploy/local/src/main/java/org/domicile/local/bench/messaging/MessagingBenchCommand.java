package org.domicile.local.bench.messaging;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;
import org.domicile.local.bench.BenchOutput;
import org.domicile.local.bench.BenchStack;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The messaging service beside ejabberd and Mosquitto. */
@Command(
        name = "messaging",
        description = {
            "Idle connections with the memory of each, a reconnect storm, one wake-up to all; then durable messages,"
                    + " stored and forwarded, beside ejabberd with offline storage in the same PostgreSQL and Mosquitto"
                    + " with QoS 1 and persistent sessions, as far as these are installed (apt-get install ejabberd"
                    + " erlang-p1-pgsql mosquitto).",
            "",
            "Example: ./domicile bench messaging --connections 10000,max"
        },
        mixinStandardHelpOptions = true)
public final class MessagingBenchCommand implements Callable<Integer> {
    private static final String REGION = "cn-north";
    private static final String MOST = "max";
    /** Files that a process needs for itself, beside its connections. */
    private static final int OTHER_FILES = 1_000;

    @Option(
            names = "--connections",
            split = ",",
            defaultValue = "10000",
            paramLabel = "N",
            description =
                    "Idle connections behind a proxy that ends TLS; several numbers are measured one after the other,"
                            + " max is what the limit on open files allows (default: ${DEFAULT-VALUE}).")
    private List<String> connections;

    @Option(
            names = "--tls-connections",
            split = ",",
            defaultValue = "4000",
            paramLabel = "N",
            description = "The same with TLS in the service (default: ${DEFAULT-VALUE}).")
    private List<String> tlsConnections;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "How often the systems are measured, in turns (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--messages",
            defaultValue = "20000",
            description = "Messages in each phase, 0 to measure none (default: ${DEFAULT-VALUE}).")
    private int messages;

    @Option(
            names = "--devices",
            defaultValue = "200",
            description = "Devices that they go to (default: ${DEFAULT-VALUE}).")
    private int devices;

    @Option(names = "--senders", defaultValue = "32", description = "Concurrent senders (default: ${DEFAULT-VALUE}).")
    private int senders;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "How long latency is measured at half the highest rate (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--no-peers", description = "Measure the messaging service alone.")
    private boolean alone;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws Exception {
        var plan = plan();
        var home = Home.locate();
        var screen = output.screen();
        return BenchStack.run(home, List.of(REGION), screen, stack -> run(home, stack, plan, screen));
    }

    private MessagingBench.Plan plan() {
        for (var number : new int[] {rounds, devices, senders, seconds}) {
            if (number < 1) {
                throw new LocalFailure("Give --rounds, --devices, --senders and --seconds as numbers of at least 1.");
            }
        }
        var plan = new MessagingBench.Plan(
                numbers(connections), numbers(tlsConnections), rounds, messages, devices, senders, seconds, !alone);
        if (plan.idle().length + plan.idleTls().length == 0 && plan.messages() < 1) {
            throw new LocalFailure("There is nothing to measure: give --connections, --tls-connections or --messages.");
        }
        return plan;
    }

    private int run(Home home, StackDescription stack, MessagingBench.Plan plan, Screen screen) throws Exception {
        output.keep(
                home,
                "messaging",
                MessagingResults::table,
                screen,
                new MessagingBench(home, stack, REGION, plan, screen)::run);
        return 0;
    }

    static int[] numbers(List<String> given) {
        return given.stream()
                .mapToInt(text -> text.equals(MOST) ? mostConnections() : number(text))
                .filter(count -> count > 0)
                .toArray();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new LocalFailure(
                    "Give --connections and --tls-connections as numbers, 0 for none, or " + MOST + ".", e);
        }
    }

    private static int mostConnections() {
        var system = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
        return (int) Math.min(system.getMaxFileDescriptorCount() - OTHER_FILES, Integer.MAX_VALUE);
    }
}
