package org.domicile.account.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
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
        assertEquals(14, laws.of("CN").consentAge().orElseThrow());
        assertTrue(laws.of("TW").consentAge().isEmpty());
        assertEquals(18, laws.longestConsentAge());
        assertEquals(
                Set.of("in-west", "ap-southeast", "cn-north"), laws.of("IN").regions());
        assertEquals(Set.of("cn-north"), laws.of("CN").regions());
        assertEquals(Set.of(), laws.of("XX").regions());
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
