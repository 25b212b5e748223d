package org.domicile.migration.spec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The models of rules that stand beside a move, users in Keycloak, projections and restores: they hold, and every guard is needed. */
class SmallModelsTest {
    private static final Path SPEC = Path.of("spec").toAbsolutePath();
    private static final Pattern CLAIM = Pattern.compile("TLC must report (\\w+)\\.");
    private static final Pattern MUTANT =
            Pattern.compile("(Identity|Projections|Restore|RestoredDirectory)-\\w+\\.cfg");

    @ParameterizedTest
    @ValueSource(strings = {"Identity", "Projections", "Restore", "RestoredDirectory"})
    void the_model_holds(String module) throws Exception {
        var output = ModelCheck.run(SPEC, module + ".tla", module + ".cfg");

        assertTrue(output.contains("Model checking completed. No error has been found."), output);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void a_missing_guard_is_caught(String config) throws Exception {
        var claim = CLAIM.matcher(Files.readAllLines(SPEC.resolve(config)).getFirst());
        assertTrue(claim.find(), config + " does not name its violation in its first line");

        var output = ModelCheck.run(SPEC, config.replaceFirst("-.*", ".tla"), config);

        assertTrue(
                Pattern.compile("(Invariant|Action property) " + claim.group(1) + " is violated")
                        .matcher(output)
                        .find(),
                output);
    }

    static Stream<String> mutants() throws Exception {
        try (var files = Files.list(SPEC)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> MUTANT.matcher(name).matches())
                    .sorted()
                    .toList()
                    .stream();
        }
    }
}
