package org.domicile.local.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.local.LocalFailure;
import org.domicile.local.Stack;
import org.domicile.local.StackDescription;
import org.domicile.local.StackOptions;
import org.domicile.local.home.Home;
import org.domicile.local.home.Packaging;
import org.domicile.local.part.Jvm;
import org.domicile.local.process.Memory;
import org.domicile.local.process.PidFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the stack and stays until Ctrl-C or {@code down}. */
@Command(
        name = "up",
        description = "Start the local stack; Ctrl-C stops it, the data stays.",
        mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {
    static final String LAST_LINE = "Ctrl-C or ./domicile down stops it.";

    @Option(
            names = "--regions",
            split = ",",
            paramLabel = "REGION",
            defaultValue = "cn-north,ap-southeast",
            description = "Regions to run (default: ${DEFAULT-VALUE}).")
    private List<String> regions;

    @Option(names = "--servers-only", description = "Without the four services, for running one of them from an IDE.")
    private boolean serversOnly;

    @Option(
            names = "--native",
            description = "Run the services as native executables, as mvn package -Dnative makes them.")
    private boolean executables;

    @Option(
            names = "--aot",
            description =
                    "Run the services as mvn package -Daot makes them, on JDK 25: a first run leaves a cache for the next.")
    private boolean cached;

    @Option(
            names = "--shop",
            description = "With a small shop in each region, an outside system that moves with its customers.")
    private boolean shop;

    @Option(
            names = "--optimise",
            description =
                    "Let the optimising compiler work on the services: they start slower, and are faster after a while. For benchmarks.")
    private boolean optimise;

    @Option(names = "--detach", description = "Return when the stack is ready; it runs on until down.")
    private boolean detach;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        var home = Home.locate();
        Jvm.compileQuickly(!optimise);
        var out = spec.commandLine().getOut();
        if (detach) {
            return new Detached(home, out).up(options(), serversOnly, optimise);
        }
        var begin = Instant.now();
        var stack = new Stack(home, options(), line -> print(out, line));
        var ended = new CountDownLatch(1);
        var asked = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            asked.set(true);
            stack.stop();
            ended.countDown();
        }));
        print(out, "Starting " + String.join(" and ", regions) + ". Data and logs: " + home.folder());
        try {
            var description = serversOnly ? stack.startServers() : stack.start();
            ready(out, home, description, Duration.between(begin, Instant.now()));
        } catch (LocalFailure e) {
            if (!asked.get()) {
                throw e;
            }
        }
        ended.await();
        return 0;
    }

    private StackOptions options() {
        if (shop && serversOnly) {
            throw new LocalFailure("Give --shop or --servers-only, not both: the shop moves with the services.");
        }
        var options = StackOptions.of(regions).packagedAs(packaging());
        return shop ? options.withShop() : options;
    }

    private Packaging packaging() {
        if (executables && cached) {
            throw new LocalFailure("Give --native or --aot, not both.");
        }
        return executables ? Packaging.EXECUTABLE : cached ? Packaging.CACHED : Packaging.JAR;
    }

    private static void ready(PrintWriter out, Home home, StackDescription stack, Duration took) {
        print(
                out,
                String.format(
                        "Ready after %.0f s, using %d MB of memory.%n",
                        took.toMillis() / 1000.0, Memory.residentMegabytes(new PidFiles(home.file("run")))));
        stack.regions().forEach((id, r) -> {
            print(out, id);
            print(out, "  account    " + r.account());
            print(out, "  backup     " + r.backup());
            print(out, "  messaging  " + r.messaging());
            print(out, "  migration  " + r.migration());
            print(out, "  sign-in    " + r.issuer());
            if (r.shop() != null) {
                print(out, "  shop       " + r.shop().replaceFirst(":[^:/@]+@", "@") + " (password in stack.json)");
            }
        });
        print(out, "push         " + stack.push());
        print(out, "backup       " + stack.backup());
        print(out, "authority    " + home.file("ca.pem"));
        print(out, System.lineSeparator() + LAST_LINE);
    }

    private static void print(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
