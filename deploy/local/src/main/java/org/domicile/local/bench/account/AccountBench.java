package org.domicile.local.bench.account;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.sdk.Stack;
import org.domicile.local.StackDescription;
import org.domicile.local.bench.ResultFile.Results;
import org.domicile.local.bench.messaging.Peer;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;

/** One run of {@code bench account}. */
final class AccountBench {
    private static final String DATABASE = "account_bench";
    /** Of those that withdraw, in the database of the service that runs: out of the way of the others. */
    private static final long FIRST_TO_WITHDRAW = 15_000_000;
    /** Numbers from there on. */
    private static final long TO_WITHDRAW = 4_900_000;

    private static final int READERS = 10_000;
    private static final int BAR = 30;

    /** What is measured. */
    enum Phase {
        READS,
        SIGN_UPS,
        TIMING,
        WITHDRAWALS
    }

    /** @param samples of each side of each endpoint's times; @param signIns of each side */
    record Plan(
            Set<Phase> phases,
            int accounts,
            int connections,
            int seconds,
            int rounds,
            int samples,
            int signIns,
            int withdrawals,
            int perSecond,
            int sockets) {}

    private final Home home;
    private final StackDescription.Region region;
    private final String regionId;
    private final Plan plan;
    private final Screen screen;
    private final double loadBefore = load();
    private double[] loaded = {0, 0};
    private Reads.Result reads;
    private SignUps.Result signUps;
    private Map<String, RankTest> timing;
    private Withdrawals.Result withdrawals;

    AccountBench(Home home, StackDescription stack, String regionId, Plan plan, Screen screen) {
        this.home = home;
        this.region = stack.regions().get(regionId);
        this.regionId = regionId;
        this.plan = plan;
        this.screen = screen;
    }

    /** @param measured is told what there is after each phase: a later one may fail */
    void run(Results<AccountResults> measured) throws IOException, InterruptedException, SQLException {
        var work = Files.createTempDirectory(Files.createDirectories(home.file("bench")), "account-")
                .toAbsolutePath();
        try (var issuer = new LocalIssuer()) {
            if (plan.phases().stream().anyMatch(phase -> phase != Phase.WITHDRAWALS)) {
                ownDatabase(work, issuer, measured);
            }
            if (plan.phases().contains(Phase.WITHDRAWALS)) {
                withdrawals = withdrawals(work.resolve("withdrawals"), issuer);
                measured.soFar(results());
            }
            delete(work);
        }
    }

    private AccountResults results() {
        return new AccountResults(
                Runtime.getRuntime().availableProcessors(),
                new double[] {loadBefore, load()},
                loaded,
                reads,
                signUps,
                timing,
                withdrawals);
    }

    /** What is measured on an instance with a database of its own, full of accounts. */
    private void ownDatabase(Path work, LocalIssuer issuer, Results<AccountResults> measured)
            throws IOException, InterruptedException, SQLException {
        SeededAccounts.create(region, DATABASE);
        try (var instance = OwnInstance.start(home, regionId, work.resolve("own"), issuer, DATABASE)) {
            screen.line("Loading " + plan.accounts() + " accounts.");
            var begin = System.nanoTime();
            var accounts = SeededAccounts.load(
                    home, region, DATABASE, instance.keys(), work, 0, plan.accounts(), progress(plan.accounts()));
            loaded = new double[] {accounts.size(), (System.nanoTime() - begin) / 1e9};
            if (plan.phases().contains(Phase.READS)) {
                reads = reads(instance, accounts, work, issuer);
                measured.soFar(results());
            }
            if (plan.phases().contains(Phase.SIGN_UPS)) {
                signUps = signUps(instance, work);
                measured.soFar(results());
            }
            if (plan.phases().contains(Phase.TIMING)) {
                timing = timing(instance);
                measured.soFar(results());
            }
        } finally {
            SeededAccounts.drop(region, DATABASE);
        }
    }

    private Reads.Result reads(OwnInstance instance, List<UUID> accounts, Path work, LocalIssuer issuer)
            throws IOException, InterruptedException {
        var readers = Math.min(READERS, accounts.size());
        screen.line("Signing tokens of " + readers + " owners.");
        var tokens = work.resolve("tokens");
        Files.write(
                tokens,
                IntStream.range(0, readers)
                        .parallel()
                        .mapToObj(i -> issuer.token(accounts.get((int) ((long) i * accounts.size() / readers))))
                        .toList());
        var port = Peer.freePort();
        try (var bare = instance.bareRoute(home, work.resolve("bare"), issuer, port)) {
            screen.line("Reading, " + plan.rounds() + " rounds of " + plan.seconds() + " s on each side.");
            return new Reads(work, tokens, plan.connections(), plan.seconds(), plan.rounds())
                    .run(instance.url(), instance.pid(), "https://localhost:" + port, bare.pid());
        }
    }

    private SignUps.Result signUps(OwnInstance instance, Path work) throws IOException, InterruptedException {
        screen.line("Signing up, and Argon2id alone.");
        return new SignUps(plan.seconds())
                .run(instance, work, home.file("bench/sign-up.jfr").toAbsolutePath());
    }

    private Map<String, RankTest> timing(OwnInstance instance) throws IOException, InterruptedException {
        screen.line("Known and unknown identifiers, " + plan.samples() + " of each.");
        var timing = new Timing(http());
        var tests = new LinkedHashMap<>(timing.ofTheService(instance.url(), plan.accounts(), plan.samples()));
        if (plan.signIns() > 0) {
            screen.line("Signing up " + plan.signIns() + " people.");
            var people = people();
            screen.line("Lookups of those who do not want to be found, at most " + plan.samples() + " of each.");
            tests.put("POST /v1/directory/lookup", timing.ofLookup(region, people, plan.samples()));
            screen.line("Sign-ins with a wrong password, " + plan.signIns() + " of each.");
            tests.put("sign-in failure", timing.ofSignIn(region, people));
        }
        return tests;
    }

    /** With an inbox each, and without the consent to be found. */
    private List<Person> people() throws IOException, InterruptedException {
        var people = new ArrayList<Person>();
        var random = new SecureRandom();
        var stack = Stack.read(home.folder());
        for (int i = 0; i < plan.signIns(); i++) {
            var person = Person.signUp(stack, "SG", "bench" + i, random);
            person.consent("messaging");
            person.addDevice("bench");
            person.publishInbox(UUID.randomUUID(), InboxKeys.generate(random));
            people.add(person);
        }
        return people;
    }

    /** On the database and the topics of the stack that runs. */
    private Withdrawals.Result withdrawals(Path work, LocalIssuer issuer)
            throws IOException, InterruptedException, SQLException {
        try (var instance = OwnInstance.start(home, regionId, work, issuer, "account")) {
            screen.line("Loading " + plan.withdrawals() + " accounts that consent and withdraw.");
            // an interrupted run may have left them: hardly the same numbers are taken twice
            var slots = Math.max(1, TO_WITHDRAW / plan.withdrawals());
            var first = FIRST_TO_WITHDRAW + new SecureRandom().nextLong(slots) * plan.withdrawals();
            var accounts = SeededAccounts.load(
                    home, region, "account", instance.keys(), work, first, plan.withdrawals(), done -> {});
            var sockets = new OpenSockets(region);
            try {
                var credentials = sockets.introduce(accounts);
                var withdrawals = new Withdrawals(http(), instance.url(), region, issuer);
                screen.line("Consenting.");
                withdrawals.grant(accounts, progress(accounts.size()));
                withdrawals.awaitGranted(accounts);
                var step = Math.max(1, accounts.size() / Math.max(1, plan.sockets()));
                var connected = new LinkedHashMap<UUID, String>();
                for (int i = 0; i < accounts.size() && connected.size() < plan.sockets(); i += step) {
                    connected.put(accounts.get(i), credentials.get(accounts.get(i)));
                }
                screen.line(
                        "Withdrawing, " + plan.perSecond() + " a second, with " + connected.size() + " open sockets.");
                return withdrawals.withdraw(accounts, plan.perSecond(), sockets.open(http(), connected));
            } finally {
                sockets.forget(accounts);
                SeededAccounts.forget(region, accounts);
            }
        }
    }

    private IntConsumer progress(int all) {
        return done -> {
            var filled = (int) ((long) done * BAR / all);
            synchronized (screen) {
                screen.progress("[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " + done + " of " + all);
            }
        };
    }

    private HttpClient http() throws IOException {
        return DomicileClient.of(Stack.read(home.folder())).http().client();
    }

    /** The logs of a run that failed stay. */
    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
