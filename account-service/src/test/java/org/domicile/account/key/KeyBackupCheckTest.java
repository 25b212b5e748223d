package org.domicile.account.key;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.SmallRyeConfigBuilder;
import org.domicile.account.law.MarketLaws;
import org.domicile.platform.key.KeysConfig;
import org.domicile.platform.law.MarketsConfig;
import org.domicile.platform.law.Policies;
import org.junit.jupiter.api.Test;

class KeyBackupCheckTest {
    @Test
    void backups_of_keys_that_outlive_the_shortest_erasure_deadline_refuse_to_start() {
        check("29d").start(null);

        var refusal =
                assertThrows(IllegalStateException.class, () -> check("30d").start(null));
        assertTrue(refusal.getMessage().contains("domicile.keys.backups-kept"), refusal.getMessage());
    }

    private static KeyBackupCheck check(String kept) {
        var config = new SmallRyeConfigBuilder()
                .withMapping(KeysConfig.class)
                .withMapping(MarketsConfig.class)
                .withDefaultValue("domicile.keys.backups-kept", kept)
                .withConverter(
                        java.time.Duration.class,
                        200,
                        io.quarkus.runtime.configuration.DurationConverter::parseDuration)
                .build();
        return new KeyBackupCheck(
                config.getConfigMapping(KeysConfig.class),
                new MarketLaws(new Policies(config.getConfigMapping(MarketsConfig.class))));
    }
}
