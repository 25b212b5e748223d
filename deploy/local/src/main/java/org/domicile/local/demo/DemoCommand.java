package org.domicile.local.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.domicile.client.cli.Terminal;
import org.domicile.client.http.ProblemException;
import org.domicile.local.LocalFailure;
import org.domicile.local.Stack;
import org.domicile.local.StackDescription;
import org.domicile.local.home.Home;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job on the user's own files, checked at every step. */
@Command(
        name = "demo",
        description = {
            "Two regions, the whole story on your own files: an account opened in cn-north consents, backs a folder up encrypted,"
                    + " gets messages, moves to ap-southeast while writes go on, is restored there and compared byte for byte;"
                    + " the source is purged and the receipts are checked. Exit code 0 only if everything held.",
            "",
            "Example: ./domicile demo --data ~/Pictures"
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder to back up; it is only read (default: a generated one of about 200 MB).")
    private Path data;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        var home = Home.locate();
        PrintWriter out = spec.commandLine().getOut();
        if (data != null && !Files.isDirectory(data)) {
            throw new LocalFailure("There is no folder " + data + ": give one that exists with --data.");
        }
        var screen = new Screen(out, Terminal.isInteractive());
        var running = Stack.running(home);
        if (running.isPresent()) {
            screen.line("Using the stack that is running in " + home.folder() + ".");
            return run(home, running.get(), screen);
        }
        screen.line("Starting two regions, each with its own PostgreSQL, Kafka, object store and Keycloak.");
        try (var stack = new Stack(home, List.of(Demo.FROM, Demo.TO), screen::line)) {
            var hook = new Thread(stack::stop);
            Runtime.getRuntime().addShutdownHook(hook);
            return run(home, stack.start(), screen);
        }
    }

    private int run(Home home, StackDescription description, Screen screen)
            throws IOException, InterruptedException, SQLException {
        var folder = (data != null ? data : SampleFolder.at(home.file("demo/files"))).toRealPath();
        var work = Files.createTempDirectory(Files.createDirectories(home.file("demo")), "run-");
        var demo = new Demo(
                org.domicile.client.sdk.Stack.read(home.folder()),
                description,
                home.file(Demo.FROM + "/s3/objects"),
                work,
                screen);
        try {
            var report = demo.run(folder);
            screen.heading(
                    "Everything held, in %d s:".formatted(screen.elapsed().toSeconds()));
            screen.line(report.table());
            return 0;
        } catch (DemoFailure e) {
            screen.line("  ✗ " + e.getMessage());
            screen.line("Not everything held. Logs: " + home.file("logs"));
            return 1;
        } catch (ProblemException e) {
            screen.line("  ✗ a request was refused: " + e.getMessage());
            screen.line("Not everything held. Logs: " + home.file("logs"));
            return 1;
        } finally {
            delete(work);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
