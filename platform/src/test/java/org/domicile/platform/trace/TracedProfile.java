package org.domicile.platform.trace;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.domicile.platform.note.NoteProfile;
import org.domicile.platform.testing.TraceReceiver;

/** The platform with traces on. */
public final class TracedProfile implements QuarkusTestProfile {
    private final NoteProfile notes = new NoteProfile();

    @Override
    public Map<String, String> getConfigOverrides() {
        var config = new HashMap<>(notes.getConfigOverrides());
        config.put("quarkus.otel.bsp.schedule.delay", "50ms");
        return config;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        var all = new ArrayList<>(notes.testResources());
        all.add(new TestResourceEntry(Collector.class));
        return all;
    }

    /** Where the spans go. */
    public static final class Collector implements QuarkusTestResourceLifecycleManager {
        private TraceReceiver receiver;

        @Override
        public Map<String, String> start() {
            receiver = new TraceReceiver();
            return Map.of("domicile.traces.endpoint", receiver.endpoint().toString());
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(receiver, new TestInjector.MatchesType(TraceReceiver.class));
        }

        @Override
        public void stop() {
            receiver.close();
        }
    }
}
