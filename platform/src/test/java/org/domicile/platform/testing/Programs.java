package org.domicile.platform.testing;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Programs that a test is run with where they are installed. {@code -Ddomicile.required=firefox,npm} names those that must be there. */
public final class Programs {
    private static final List<String> REQUIRED =
            List.of(System.getProperty("domicile.required", "").split(","));

    private Programs() {}

    /**
     * Skips the test that calls it if the program cannot be used, or fails it if the program is required.
     *
     * @param missing why it cannot be used here, if it cannot
     */
    public static void require(String program, Optional<String> missing) {
        if (missing.isPresent() && REQUIRED.contains(program)) {
            Assertions.fail(program + " is required here: " + missing.get());
        }
        Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
    }
}
