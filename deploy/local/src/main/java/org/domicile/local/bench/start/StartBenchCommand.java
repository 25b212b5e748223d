package org.domicile.local.bench.start;

import java.util.List;
import java.util.concurrent.Callable;
import org.domicile.local.LocalFailure;
import org.domicile.local.bench.BenchOutput;
import org.domicile.local.bench.BenchStack;
import org.domicile.local.home.Home;
import org.domicile.local.security.Trust;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast a service starts, and what it takes when nobody asks. */
@Command(
        name = "start",
        description = {
            "Starts each service again and again beside the stack that runs, in every packaging that is built (./domicile build;"
                    + " mvn package -Daot -DskipTests; mvn package -Dnative -DskipTests): the time until it is ready, and its"
                    + " resident memory after ten seconds.",
            "",
            "Example: ./domicile bench start --rounds 7"
        },
        mixinStandardHelpOptions = true)
public final class StartBenchCommand implements Callable<Integer> {
    private static final String REGION = "cn-north";

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Starts of each service in each packaging (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws Exception {
        if (rounds < 1) {
            throw new LocalFailure("Give --rounds as a number of at least 1.");
        }
        var home = Home.locate();
        var screen = output.screen();
        return BenchStack.run(home, List.of(REGION), screen, stack -> {
            var http = Trust.client(home.file("ca.pem"));
            output.keep(
                    home,
                    "start",
                    StartResults::table,
                    screen,
                    new StartBench(home, REGION, rounds, http, screen)::run);
            return 0;
        });
    }
}
