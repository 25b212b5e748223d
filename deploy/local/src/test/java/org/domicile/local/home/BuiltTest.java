package org.domicile.local.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.domicile.local.LocalFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltTest {
    @TempDir
    Path sources;

    @Test
    void a_service_that_is_not_built_is_named_with_the_remedy() {
        var failure = assertThrows(LocalFailure.class, () -> new Built(sources).service("account-service"));

        assertEquals(
                "The file " + sources.resolve("account-service/target/quarkus-app/quarkus-run.jar")
                        + " of account-service is missing: run ./domicile build.",
                failure.getMessage());
    }

    @Test
    void a_missing_native_executable_is_named_with_how_to_build_it() {
        var failure = assertThrows(
                LocalFailure.class, () -> new Built(sources, Packaging.EXECUTABLE).check(List.of("account-service")));

        assertEquals(
                "The native executable "
                        + sources.resolve("account-service/target/domicile-account-service-0.1.0-SNAPSHOT-runner")
                        + " is missing: run mvn package -Dnative -DskipTests with Mandrel or GraalVM 25, or add"
                        + " -Dquarkus.native.container-build=true to compile in a container; or start without --native.",
                failure.getMessage());
    }

    @Test
    void a_server_whose_file_was_removed_is_named() throws IOException {
        var list = Files.createDirectories(sources.resolve("deploy/local/parts/target"));
        Files.writeString(list.resolve("kafka.classpath"), sources + "/gone.jar");

        var failure = assertThrows(LocalFailure.class, () -> new Built(sources).classpath("kafka"));

        assertTrue(failure.getMessage().startsWith("The file " + sources + "/gone.jar of kafka is missing"));
    }
}
