package org.domicile.platform.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.domicile.platform.law.MarketsConfig;

/** The law of markets, for tests. */
public final class TestMarkets {
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

    /** A file of the packaged law, changed. */
    public static Path packaged(UnaryOperator<String> change) {
        try (var packaged = TestMarkets.class.getResourceAsStream("/law/markets.yaml")) {
            var text = new String(packaged.readAllBytes(), StandardCharsets.UTF_8);
            return Files.writeString(Files.createTempFile(Path.of("target"), "markets", ".yaml"), change.apply(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
