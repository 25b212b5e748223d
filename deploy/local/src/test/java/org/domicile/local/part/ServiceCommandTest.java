package org.domicile.local.part;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.domicile.local.home.Built;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceCommandTest {
    private static final Path CONFIGURATION = Path.of("/home/application.properties");

    @TempDir
    Path sources;

    @Test
    void a_native_executable_runs_without_a_jvm() throws IOException {
        var file = sources.resolve("account-service/target/domicile-account-service-0.1.0-SNAPSHOT-runner");
        Files.createDirectories(file.getParent());
        assertTrue(Files.createFile(file).toFile().setExecutable(true));

        assertEquals(
                List.of(
                        file.toString(),
                        "-Xmx192m",
                        "-Djava.net.preferIPv4Stack=true",
                        "-Dquarkus.config.locations=" + CONFIGURATION),
                ServicePart.command(new Built(sources, true), Service.ACCOUNT, CONFIGURATION));
    }

    @Test
    void else_the_launchers_own_java_runs_the_jar() throws IOException {
        var jar = sources.resolve("account-service/target/quarkus-app/quarkus-run.jar");
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);

        var command = ServicePart.command(new Built(sources), Service.ACCOUNT, CONFIGURATION);

        assertEquals(Path.of(Jvm.HOME, "bin", "java").toString(), command.getFirst());
        assertEquals(List.of("-jar", jar.toString()), command.subList(command.size() - 2, command.size()));
    }
}
