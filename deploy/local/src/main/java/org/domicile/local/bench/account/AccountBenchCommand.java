package org.domicile.local.bench.account;

import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;
import org.domicile.local.bench.BenchOutput;
import org.domicile.local.bench.BenchStack;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The account service beside a bare route and beside its password's hash. */
@Command(
        name = "account",
        description = {
            "Loads accounts, then measures: reads beside a bare Vert.x route with the same TLS, token check and SQL;"
                    + " sign-ups beside Argon2id alone; whether known and unknown identifiers can be told apart by time;"
                    + " and how fast a withdrawn consent reaches every service. Needs wrk (apt-get install wrk).",
            "",
            "Example: ./domicile bench account --accounts 100000 --phases READS,SIGN_UPS"
        },
        mixinStandardHelpOptions = true)
public final class AccountBenchCommand implements Callable<Integer> {
    private static final String REGION = "cn-north";

    @Option(
            names = "--accounts",
            defaultValue = "1000000",
            paramLabel = "N",
            description = "Accounts in the database that is read (default: ${DEFAULT-VALUE}).")
    private int accounts;

    @Option(
            names = "--phases",
            split = ",",
            defaultValue = "READS,SIGN_UPS,TIMING,WITHDRAWALS",
            paramLabel = "PHASE",
            description = "What is measured: ${COMPLETION-CANDIDATES} (default: all).")
    private List<AccountBench.Phase> phases;

    @Option(
            names = "--connections",
            defaultValue = "32",
            description = "Connections that read (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "How long a round of reads, and the sign-ups, take (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds of reads (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--samples",
            defaultValue = "1000",
            description = "Known and unknown identifiers asked for at each endpoint (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(
            names = "--sign-ins",
            defaultValue = "100",
            description =
                    "The same for sign-ins with a wrong password; each known one is signed up for it, and they look"
                            + " each other up, 0 for neither (default: ${DEFAULT-VALUE}).")
    private int signIns;

    @Option(
            names = "--withdrawals",
            defaultValue = "10000",
            description = "Accounts that consent and withdraw (default: ${DEFAULT-VALUE}).")
    private int withdrawals;

    @Option(
            names = "--per-second",
            defaultValue = "100",
            description = "Withdrawals a second (default: ${DEFAULT-VALUE}).")
    private int perSecond;

    @Option(
            names = "--sockets",
            defaultValue = "500",
            description = "How many of these accounts have a device connected (default: ${DEFAULT-VALUE}).")
    private int sockets;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws Exception {
        requireSense();
        Wrk.require();
        var home = Home.locate();
        var screen = output.screen();
        return BenchStack.run(home, List.of(REGION), screen, stack -> run(home, stack, screen));
    }

    private void requireSense() {
        if (IntStream.of(accounts, connections, seconds, rounds, samples, withdrawals, perSecond)
                        .anyMatch(number -> number < 1)
                || signIns < 0
                || sockets < 0) {
            throw new LocalFailure("Give numbers of at least 1; --sign-ins and --sockets may be 0.");
        }
    }

    private int run(Home home, StackDescription stack, Screen screen) throws Exception {
        var plan = new AccountBench.Plan(
                EnumSet.copyOf(phases),
                accounts,
                connections,
                seconds,
                rounds,
                samples,
                signIns,
                withdrawals,
                perSecond,
                sockets);
        output.keep(
                home,
                "account",
                AccountResults::table,
                screen,
                new AccountBench(home, stack, REGION, plan, screen)::run);
        return 0;
    }
}
