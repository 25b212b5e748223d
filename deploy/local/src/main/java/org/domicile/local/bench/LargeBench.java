package org.domicile.local.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.domicile.client.restic.FileType;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Stack;
import org.domicile.local.LocalFailure;
import org.domicile.local.StackDescription;
import org.domicile.local.demo.Person;
import org.domicile.local.demo.Screen;
import org.domicile.local.home.Home;

/**
 * One run of {@code bench migration --large}: accounts with much stored move in one wave, after the same bytes were copied by programs of
 * the distribution, twice, so that the second time does not read them for the first time either. Not after the wave: then the old home
 * purges what it kept.
 */
final class LargeBench {
    private static final String MARKET = "SG";
    private static final String REPOSITORY = "phone";
    /** As large as restic makes its packs. */
    private static final int PACK = 16 << 20;

    private static final int COPIES = 2;

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Stack stack;
    private final StackDescription description;
    private final LargePlan plan;
    private final int concurrency;
    private final Screen screen;
    private final Path work;
    private final SecureRandom random = new SecureRandom();

    LargeBench(Home home, StackDescription description, LargePlan plan, int concurrency, Screen screen)
            throws IOException {
        Programs.require("rclone");
        Programs.require("psql");
        this.stack = Stack.read(home.folder());
        this.description = description;
        this.plan = plan;
        this.concurrency = Math.min(concurrency, plan.accounts());
        this.screen = screen;
        this.work = home.file("bench/large");
    }

    LargeResults run() throws IOException, InterruptedException, SQLException {
        var before = load();
        var accounts = accounts();
        var copy = new PlainCopy(
                description.regions().get(MigrationBench.FROM),
                description.regions().get(MigrationBench.TO),
                accounts,
                work);
        var peers = new ArrayList<LargeResults.Peer>();
        for (int time = 1; time <= COPIES; time++) {
            screen.line("Copying by psql and rclone, %d of %d.".formatted(time, COPIES));
            peers.add(copy.time());
        }
        screen.line("Moving.");
        var seconds = move(accounts);
        return new LargeResults(
                Runtime.getRuntime().availableProcessors(),
                List.of(before, load()),
                plan.accounts(),
                plan.bytes(),
                concurrency,
                seconds,
                peers);
    }

    private double move(List<UUID> accounts) throws IOException, InterruptedException {
        var client = DomicileClient.of(stack);
        var operator = client.signIn(client.regions().get(MigrationBench.FROM), stack.operator());
        var begin = System.nanoTime();
        var ended = new BenchWave(operator, screen, LOOK).run(accounts, concurrency);
        var seconds = (System.nanoTime() - begin) / 1e9;
        var moved = ended.path("accounts").path("MOVED").asInt();
        if (moved != accounts.size()) {
            throw new LocalFailure("Only " + moved + " of " + accounts.size() + " accounts moved.");
        }
        return seconds;
    }

    private List<UUID> accounts() throws IOException, InterruptedException {
        var accounts = new ArrayList<UUID>();
        while (accounts.size() < plan.accounts()) {
            screen.progress("%d of %d accounts filled".formatted(accounts.size(), plan.accounts()));
            var person = Person.signUp(stack, MARKET, "Large" + accounts.size(), random);
            person.addDevice("phone");
            person.consent("backup");
            person.create(REPOSITORY).close();
            fill(person, new Random(accounts.size()));
            accounts.add(person.account());
        }
        return accounts;
    }

    /** Stores packs through the API, as a phone does. */
    private void fill(Person person, Random content) throws IOException {
        var backend = person.backend(REPOSITORY);
        for (long left = plan.bytes(); left > 0; left -= PACK) {
            var pack = new byte[(int) Math.min(left, PACK)];
            content.nextBytes(pack);
            backend.save(FileType.PACK, sha256(pack), List.of(pack));
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
