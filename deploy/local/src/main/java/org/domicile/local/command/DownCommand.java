package org.domicile.local.command;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.Home;
import org.domicile.local.process.Leftovers;
import org.domicile.local.process.PidFiles;
import org.domicile.local.process.ProcessIdentity;
import org.domicile.local.process.StackLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Stops the stack, or what a killed launcher left of it. */
@Command(name = "down", description = "Stop the local stack; the data stays.", mixinStandardHelpOptions = true)
public final class DownCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_MILLIS = 100;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        var out = spec.commandLine().getOut();
        var stopped = stop(Home.locate());
        out.println(stopped ? "Stopped; the data stays." : "No stack is running.");
        return 0;
    }

    /** Returns whether anything ran. */
    static boolean stop(Home home) throws InterruptedException {
        if (!java.nio.file.Files.isDirectory(home.folder())) {
            return false;
        }
        var pidFiles = new PidFiles(home.file("run"));
        var launcher = pidFiles.of(PidFiles.LAUNCHER).flatMap(ProcessIdentity::alive);
        launcher.ifPresent(ProcessHandle::destroy);
        var deadline = Instant.now().plus(PATIENCE);
        while (true) {
            var lock = StackLock.take(home.file("lock"));
            if (lock.isPresent()) {
                try (var held = lock.get()) {
                    var left = new Leftovers(pidFiles, line -> {}).end();
                    home.forgetStack();
                    return launcher.isPresent() || left > 0;
                }
            }
            if (Instant.now().isAfter(deadline)) {
                throw new LocalFailure("The stack did not stop within " + PATIENCE.toSeconds() + " s: look into "
                        + home.log(PidFiles.LAUNCHER) + ", or end process "
                        + launcher.map(ProcessHandle::pid).orElse(0L) + ".");
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }
}
