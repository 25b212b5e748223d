package org.domicile.local.part;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.domicile.local.LocalFailure;
import org.domicile.local.home.Archive;
import org.domicile.local.home.PrivateFiles;
import org.domicile.local.process.Launch;

/** Keycloak with our extension, unpacked and built ({@code kc.sh build}) once and again when the extension changes. */
final class KeycloakDistribution {
    private static final String BUILD_PART = "keycloak-build";
    private static final List<String> BUILD_OPTIONS =
            List.of("--db=postgres", "--health-enabled=true", "--metrics-enabled=true");
    private static final int HEAP_MB = 512;

    private final RegionSetup setup;

    KeycloakDistribution(RegionSetup setup) {
        this.setup = setup;
    }

    /** Its folder. Two callers, in this process or another one, wait for each other. */
    synchronized Path ready() {
        var tar = setup.built().only("keycloak");
        var name = tar.getFileName().toString().replace("-quarkus-dist", "").replace(".tar.gz", "");
        var folder = Archive.unpacked(
                setup.home().dist(), name, 1, () -> new GZIPInputStream(Files.newInputStream(tar), 1 << 16));
        var provider = setup.built().keycloakProvider();
        var stamp = folder.resolve("domicile.built");
        var wanted = digest(provider) + " " + String.join(" ", BUILD_OPTIONS) + "\n";
        try (var channel = FileChannel.open(
                        folder.resolve("domicile.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            if (lock.isValid()
                    && (!Files.exists(stamp) || !PrivateFiles.read(stamp).equals(wanted))) {
                Files.deleteIfExists(stamp);
                Files.copy(
                        provider,
                        folder.resolve("providers/domicile-keycloak.jar"),
                        StandardCopyOption.REPLACE_EXISTING);
                build(folder);
                PrivateFiles.write(stamp, wanted);
            }
        } catch (IOException e) {
            throw new LocalFailure("Keycloak could not be built in " + folder + ": " + e.getMessage(), e);
        }
        return folder;
    }

    /** The server's command line, without the script: the process that is started is the server. */
    static List<String> command(Path folder, int heapMegabytes, List<String> arguments) {
        var command = Jvm.command(
                heapMegabytes,
                Jvm.COMPILES_QUICKLY,
                "-XX:MaxMetaspaceSize=256m",
                "-Dkc.home.dir=" + folder,
                "-Djboss.server.config.dir=" + folder.resolve("conf"),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "-Dpicocli.disable.closures=true",
                "-Dquarkus-log-max-startup-records=10000",
                "-Duser.language=en",
                "-Duser.country=US",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.base/java.security=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                folder.resolve("lib/quarkus-run.jar").toString(),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint");
        command.addAll(arguments);
        return command;
    }

    private void build(Path folder) {
        var arguments = new java.util.ArrayList<>(List.of("build"));
        arguments.addAll(BUILD_OPTIONS);
        try {
            var launch = new Launch(command(folder, HEAP_MB, arguments), Map.of("JAVA_HOME", Jvm.HOME), folder);
            if (setup.starter().start(BUILD_PART, launch).waitFor() != 0) {
                throw new LocalFailure(
                        "Keycloak could not be built. Log: " + setup.home().log(BUILD_PART));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Building Keycloak was interrupted.", e);
        }
    }

    private static String digest(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new LocalFailure("The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
