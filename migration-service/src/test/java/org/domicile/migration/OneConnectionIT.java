package org.domicile.migration;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;

/**
 * A transaction that waits for a second connection of the pool waits for ever once as many of them are under way as there are connections,
 * as in a wave. Here one is enough: one connection works, and one listens.
 */
@QuarkusTest
@TestProfile(OneConnectionIT.OneConnection.class)
class OneConnectionIT extends TargetMoveIT {
    public static final class OneConnection implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.datasource.reactive.max-size", "2");
        }
    }
}
