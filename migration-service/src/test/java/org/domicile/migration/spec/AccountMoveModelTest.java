package org.domicile.migration.spec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The model of a move holds, and TLC notices when one of its guards is missing. */
class AccountMoveModelTest {
    private static final Path SPEC = Path.of("spec").toAbsolutePath();
    private static final Pattern CLAIM = Pattern.compile("TLC must report (\\w+)\\.");

    @Test
    void the_model_holds() throws Exception {
        var output = ModelCheck.run(SPEC, "AccountMove.cfg");

        assertTrue(output.contains("Model checking completed. No error has been found."), output);
    }

    @Test
    void every_move_comes_to_an_end() throws Exception {
        var output = ModelCheck.run(SPEC, "AccountMove-live.cfg");

        assertTrue(output.contains("Model checking completed. No error has been found."), output);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void a_missing_guard_is_caught(String config) throws Exception {
        var claim = CLAIM.matcher(Files.readAllLines(SPEC.resolve(config)).getFirst());
        assertTrue(claim.find(), config + " does not name its violation in its first line");

        var output = ModelCheck.run(SPEC, config);

        assertTrue(
                Pattern.compile("(Invariant|Action property) " + claim.group(1) + " is violated")
                        .matcher(output)
                        .find(),
                output);
    }

    static Stream<String> mutants() throws Exception {
        try (var files = Files.list(SPEC)) {
            return files
                    .map(f -> f.getFileName().toString())
                    .filter(name -> name.startsWith("mutant-"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }
}
