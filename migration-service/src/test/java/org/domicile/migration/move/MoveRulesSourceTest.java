package org.domicile.migration.move;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.domicile.migration.law.TransferLaw;
import org.junit.jupiter.api.Test;

class MoveRulesSourceTest {
    @Test
    void an_outside_system_takes_part_only_if_the_law_is_asked_for_its_data() {
        var config = config("account,backup,messaging,shop");
        var refused = assertThrows(
                IllegalStateException.class, () -> new MoveRulesSource().rules(config, law("profile", "backups")));
        assertTrue(refused.getMessage().contains("add shop to data_classes"), refused.getMessage());

        assertEquals(
                Set.of("account", "backup", "messaging", "shop"),
                new MoveRulesSource()
                        .rules(config, law("profile", "backups", "shop"))
                        .participants());
    }

    private static TransferLaw law(String... classes) {
        return new TransferLaw(Map.of(), Map.of(), Map.of(), List.of(classes), List.of());
    }

    private static MigrationConfig config(String participants) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(MigrationConfig.class)
                .withDefaultValue("domicile.migration.signing-key", "/tmp/key")
                .withDefaultValue("domicile.migration.participants", participants)
                .build()
                .getConfigMapping(MigrationConfig.class);
    }
}
