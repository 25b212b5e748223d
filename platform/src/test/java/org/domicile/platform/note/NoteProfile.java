package org.domicile.platform.note;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;
import org.domicile.platform.testing.FreePorts;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestParts;

/** The platform as a service would use it: a participant with projections, whose only class of data is notes. */
public final class NoteProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "domicile.participant", "true",
                "domicile.projections", "true",
                "domicile.fence.deadline", "1s",
                "domicile.peer.reload", "1s",
                "quarkus.flyway.locations", "db/platform,db/participant,db/note");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(
                PlatformResource.class,
                Map.of("service", "backup", "peer:ap-southeast.backup", "https://localhost:" + peerPort())));
    }

    /** Where the same service of ap-southeast is looked for; a test may listen. */
    public static int peerPort() {
        return Integer.parseInt(TestParts.shared("peer.port", () -> Integer.toString(FreePorts.next())));
    }
}
