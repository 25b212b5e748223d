package org.domicile.local.bench;

import java.util.List;
import java.util.concurrent.Callable;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stock restic against the backup service and against {@code rclone serve restic}, on one object store. */
@Command(
        name = "backup",
        description = {
            "Stock restic against the backup service and against rclone serve restic, on the same object store and data, over TLS,"
                    + " in alternation: backup, unchanged re-backup, restore, check --read-data. Then memory under concurrent"
                    + " uploads, a long list, and what the store itself gives. Needs restic and rclone.",
            "",
            "Example: ./domicile bench backup --size 512m --rounds 3"
        },
        mixinStandardHelpOptions = true)
public final class BackupBenchCommand implements Callable<Integer> {
    private static final String REGION = "cn-north";
    /** Markets are placed in both. */
    private static final String OTHER = "ap-southeast";

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            defaultValue = "2g",
            description = "Bytes of data, with m or g for MiB or GiB (default: ${DEFAULT-VALUE}).")
    private String size;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds of each side (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "ROUNDS",
            defaultValue = "2",
            description =
                    "Rounds of each side before those that count; a server runs for weeks (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--uploads",
            defaultValue = "64",
            description = "Concurrent uploads of 16 MiB while memory is watched (default: ${DEFAULT-VALUE}).")
    private int uploads;

    @Option(
            names = "--blobs",
            defaultValue = "100000",
            description = "Blobs in the list that is timed (default: ${DEFAULT-VALUE}).")
    private int blobs;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws Exception {
        var home = Home.locate();
        var screen = output.screen();
        var plan = new BackupBench.Plan(
                bytes(size), notNegative(warmUp), positive(rounds), positive(uploads), positive(blobs));
        Programs.require("restic");
        Programs.require("rclone");
        return BenchStack.run(home, List.of(REGION, OTHER), screen, stack -> run(home, stack, plan, screen));
    }

    private int run(Home home, StackDescription stack, BackupBench.Plan plan, Screen screen) throws Exception {
        output.keep(
                home,
                "backup",
                BackupResults::table,
                screen,
                results -> results.soFar(new BackupBench(home, stack, REGION, OTHER, plan, screen).run()));
        return 0;
    }

    static long bytes(String text) {
        var match = java.util.regex.Pattern.compile("(\\d{1,9})([mMgG]?)").matcher(text);
        if (!match.matches()) {
            throw new LocalFailure("Give --size as a number of bytes, MiB (512m) or GiB (2g).");
        }
        long number = Long.parseLong(match.group(1));
        return switch (match.group(2).toLowerCase(java.util.Locale.ROOT)) {
            case "m" -> number << 20;
            case "g" -> number << 30;
            default -> number;
        };
    }

    private static int notNegative(int number) {
        if (number < 0) {
            throw new LocalFailure("Give --warm-up as a number of at least 0.");
        }
        return number;
    }

    private static int positive(int number) {
        if (number < 1) {
            throw new LocalFailure("Give --rounds, --uploads and --blobs as numbers of at least 1.");
        }
        return number;
    }
}
