package org.domicile.account.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarketLawsTest {
    @Test
    void the_packaged_law_is_read_and_silence_means_the_default() {
        var laws = new MarketLaws(config(Optional.empty()));

        assertEquals(Duration.ofHours(48), laws.of("IN").erasureGrace());
        assertEquals(Optional.of(Duration.ofDays(365)), laws.of("IN").logRetention());
        assertEquals(Duration.ofDays(45), laws.of("US").erasureDeadline());
        assertEquals(Duration.ofDays(3), laws.of("ID").accessDeadline());
        assertEquals(Duration.ofDays(30), laws.of("SG").erasureDeadline());
        assertEquals(Duration.ZERO, laws.of("SG").erasureGrace());
        assertEquals(Duration.ofDays(30), laws.of("XX").erasureDeadline());
    }

    @Test
    void a_file_without_markets_refuses_to_start(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("markets.yaml"), "version: 1\n");

        var refused = assertThrows(IllegalStateException.class, () -> new MarketLaws(config(Optional.of(file))));

        assertEquals(true, refused.getMessage().contains("markets.yaml"));
    }

    private static MarketsConfig config(Optional<Path> file) {
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
}
