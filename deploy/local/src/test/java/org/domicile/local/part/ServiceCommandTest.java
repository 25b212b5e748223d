package org.domicile.local.part;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.domicile.local.home.Built;
import org.domicile.local.home.Packaging;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceCommandTest {
    private static final Path CONFIGURATION = Path.of("application.properties");

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
                ServicePart.command(new Built(sources, Packaging.EXECUTABLE), Service.ACCOUNT, CONFIGURATION));
    }

    @Test
    void a_cache_is_written_by_the_first_run_and_used_until_the_program_changes() throws IOException {
        assumeTrue(Runtime.version().feature() >= 25, "this JDK has no ahead-of-time cache");
        var jar = sources.resolve("account-service/target/quarkus-aot/quarkus-run.jar");
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
        var configuration = sources.resolve("application.properties");
        var cache = sources.resolve("service.aot");
        var built = new Built(sources, Packaging.CACHED);

        assertTrue(ServicePart.command(built, Service.ACCOUNT, configuration).contains("-XX:AOTCacheOutput=" + cache));

        Files.createFile(cache);
        assertTrue(cache.toFile().setLastModified(jar.toFile().lastModified() + 2_000));
        assertTrue(ServicePart.command(built, Service.ACCOUNT, configuration).contains("-XX:AOTCache=" + cache));

        assertTrue(jar.toFile().setLastModified(cache.toFile().lastModified() + 2_000));
        assertTrue(ServicePart.command(built, Service.ACCOUNT, configuration).contains("-XX:AOTCacheOutput=" + cache));
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
