package org.domicile.platform.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.domicile.platform.law.MarketsConfig;

/** The law of markets, for tests. */
public final class TestMarkets {
    private static final String MARKETS = "\nmarkets:\n";

    private TestMarkets() {}

    /** As the services are configured by default, with this file. */
    public static MarketsConfig config(Optional<Path> file) {
        return new MarketsConfig() {
            @Override
            public Optional<Path> file() {
                return file;
            }

            @Override
            public Duration accessDeadline() {
                return Duration.ofDays(30);
            }

            @Override
            public Duration erasureDeadline() {
                return Duration.ofDays(30);
            }
        };
    }

    /** A file of the packaged law, with more markets. @param more lines of YAML, as they stand below {@code markets} */
    public static Path packagedAnd(String more) {
        try (var packaged = TestMarkets.class.getResourceAsStream("/law/markets.yaml")) {
            var text = new String(packaged.readAllBytes(), StandardCharsets.UTF_8);
            return Files.writeString(
                    Files.createTempFile(Path.of("target"), "markets", ".yaml"), text.replace(MARKETS, MARKETS + more));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
