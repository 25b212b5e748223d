package org.domicile.local.bench;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.domicile.local.LocalFailure;
import org.domicile.local.Stack;
import org.domicile.local.StackOptions;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long a move stops an account's writes, over lines of several lengths. */
@Command(
        name = "migration",
        description = {
            "Accounts move one after the other while messages go on arriving in them, over lines between the regions"
                    + " that take these round-trip times; how long no write was taken (source FROZEN commit to target OWN"
                    + " commit, the longest of a move's services) is compared with 2 round trips and 60 ms, at the 99th"
                    + " percentile with 3 round trips and 200 ms.",
            "",
            "With --wave: waves of so many small accounts instead, one after the other; accounts a second, what they"
                    + " cost the services in memory, and somebody else in time.",
            "",
            "With --large: accounts with much stored in one wave, against the same bytes through psql and rclone sync (needs"
                    + " both installed); --large alone is 20 accounts of 200 MiB, which need three times that on the disk.",
            "",
            "Example: ./domicile bench migration --accounts 20 --rtt 0,60,172",
            "         ./domicile bench migration --wave 1000,10000",
            "         ./domicile bench migration --large 2x20m"
        },
        mixinStandardHelpOptions = true)
public final class MigrationBenchCommand implements Callable<Integer> {
    private static final List<String> REGIONS = List.of(MigrationBench.FROM, MigrationBench.TO);

    @Option(
            names = "--accounts",
            defaultValue = "20",
            description = "Accounts moved for each round-trip time (default: ${DEFAULT-VALUE}).")
    private int accounts;

    @Option(
            names = "--rtt",
            paramLabel = "MS",
            split = ",",
            defaultValue = "0,60,172",
            description = "Round-trip times between the regions, in milliseconds (default: ${DEFAULT-VALUE}).")
    private List<Integer> roundTrips;

    @Option(
            names = "--blobs",
            defaultValue = "0",
            description = "Then one account with so many blobs moves for each round-trip time (default: none).")
    private int blobs;

    @Option(
            names = "--warm-up",
            defaultValue = "24",
            description = "Moves before the first that counts (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--wave",
            paramLabel = "ACCOUNTS",
            split = ",",
            description = "Waves of so many small accounts, instead of moves one after the other.")
    private List<Integer> waves;

    @Option(
            names = "--large",
            paramLabel = "ACCOUNTSxSIZE",
            arity = "0..1",
            fallbackValue = LargePlan.FULL,
            description =
                    "So many accounts with so many MiB each in one wave, instead of moves one after the other (without a"
                            + " value: ${FALLBACK-VALUE}).")
    private String large;

    @Option(
            names = "--concurrency",
            defaultValue = "64",
            description = "Most moves at a time in a wave (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws Exception {
        if (accounts < 1 || warmUp < 0 || blobs < 0 || roundTrips.stream().anyMatch(ms -> ms < 0 || ms > 2_000)) {
            throw new LocalFailure(
                    "Give --accounts of at least 1, --warm-up and --blobs of at least 0, and --rtt between 0 and"
                            + " 2000.");
        }
        if (waves != null && waves.stream().anyMatch(size -> size < 1) || concurrency < 1) {
            throw new LocalFailure("Give --wave and --concurrency numbers of at least 1.");
        }
        if (waves != null && large != null) {
            throw new LocalFailure("Give --wave or --large, not both.");
        }
        var largePlan = large == null ? null : LargePlan.parse(large);
        var home = Home.locate();
        if (Stack.running(home).isPresent()) {
            throw new LocalFailure("This benchmark starts a stack with lines of its own: run ./domicile down first.");
        }
        var screen = output.screen();
        screen.line("Starting two regions.");
        try (var stack = new Stack(home, StackOptions.of(REGIONS).withLinks(), screen::line)) {
            var hook = new Thread(stack::stop);
            Runtime.getRuntime().addShutdownHook(hook);
            var plan = new MigrationBench.Plan(accounts, roundTrips, warmUp, blobs);
            var description = stack.start();
            if (largePlan != null) {
                return report(
                        home,
                        "migration-large",
                        LargeResults::table,
                        screen,
                        new LargeBench(home, description, largePlan, concurrency, screen)::run);
            }
            if (waves != null) {
                return report(home, "migration-wave", WaveResults::table, screen, () -> new WaveBench(
                                home, screen, concurrency, warmUp)
                        .run(waves));
            }
            return report(
                    home,
                    "migration",
                    MigrationResults::table,
                    screen,
                    new MigrationBench(home, description, stack.links(), plan, screen)::run);
        }
    }

    private <R> int report(Home home, String name, Function<R, String> table, Screen screen, Callable<R> bench)
            throws Exception {
        output.keep(home, name, table, screen, results -> results.soFar(bench.call()));
        return 0;
    }
}
