package org.domicile.backup.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A part that is a Java process: the packaged service, the object store. */
final class JavaProcess implements Killable, AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    private final List<String> before;
    private final List<String> arguments;
    private final Path log;
    private final Callable<Boolean> ready;
    private Process process;

    JavaProcess(Path log, Callable<Boolean> ready, List<String> arguments) {
        this(List.of(), log, ready, arguments);
    }

    private JavaProcess(List<String> before, Path log, Callable<Boolean> ready, List<String> arguments) {
        this.before = before;
        this.arguments = arguments;
        this.log = log;
        this.ready = ready;
    }

    /** The same, where it can write nothing but its temporary files. */
    JavaProcess in(ReadOnlyRoot root) {
        var all = new ArrayList<String>();
        all.add("-Djava.io.tmpdir=" + root.temporary());
        all.addAll(arguments);
        return new JavaProcess(root.command(), log, ready, all);
    }

    @Override
    public void start() throws IOException {
        var command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Awaitility.await("start of " + log)
                .atMost(LONGEST_START)
                .ignoreExceptions()
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("ended at start: see " + log);
                    }
                    return ready.call();
                });
    }

    @Override
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, as an operator or Kubernetes does. */
    void terminate() {
        process.destroy();
    }

    /** @return the exit code, once it has ended */
    int ended(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("it has not ended: see " + log);
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                kill();
            }
        }
    }
}
