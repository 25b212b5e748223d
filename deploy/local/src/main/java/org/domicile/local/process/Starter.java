package org.domicile.local.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.Home;

/**
 * Starts processes in sessions of their own, so that a Ctrl-C reaches the launcher alone and it can stop the parts in
 * order. They get a clean environment: no variable of the caller's shell configures a server by accident.
 */
public final class Starter {
    private static final List<String> KEPT = List.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR", "TZ");

    private final Home home;
    private final PidFiles pidFiles;

    public Starter(Home home, PidFiles pidFiles) {
        this.home = home;
        this.pidFiles = pidFiles;
    }

    /** The log begins anew; the one of the run before stays beside it as {@code .log.1}. */
    public Process start(String part, Launch launch) {
        var log = home.log(part);
        try {
            rotate(log);
            var command = new ArrayList<String>();
            setsid().ifPresent(command::add);
            command.addAll(launch.command());
            var builder = new ProcessBuilder(command)
                    .directory(launch.folder().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().keySet().retainAll(KEPT);
            builder.environment().putAll(launch.environment());
            var process = builder.start();
            ProcessIdentity.of(process.pid()).ifPresent(identity -> pidFiles.record(part, identity));
            return process;
        } catch (IOException e) {
            throw new LocalFailure(part + " could not be started: " + e.getMessage() + ". Log: " + log, e);
        }
    }

    private static java.util.Optional<String> setsid() {
        return java.util.stream.Stream.of("/usr/bin/setsid", "/bin/setsid")
                .filter(p -> Files.isExecutable(Path.of(p)))
                .findFirst();
    }

    private static void rotate(Path log) throws IOException {
        if (Files.exists(log)) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
