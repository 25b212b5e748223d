package org.domicile.backup.testing;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Reads all again at each scrub; URLs that end soon; markets of its own. */
public final class EagerClocks implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "domicile.backup.scrub.again", "0s",
                "domicile.backup.scrub.sample", "100000",
                "domicile.backup.scrub.every", "24h",
                "domicile.backup.sweep", "24h",
                "domicile.backup.direct.lifetime", "2s",
                "domicile.markets.file", markets().toString());
    }

    private static Path markets() {
        try {
            return Files.writeString(Files.createTempFile(Path.of("target"), "markets", ".yaml"), """
                    retention_days: {messages: 30}
                    grace_days: {backup_after_withdrawal: 30, messages_after_withdrawal: 0, trash: 7, inactivity: 395}
                    markets:
                      XX: {law: a stricter one, grace_days: {backup_after_withdrawal: 10, trash: 3}}
                      YY: {law: none}
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
