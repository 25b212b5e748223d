package org.domicile.checks.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.Test;

/** How many devices an instance of messaging-service takes is one figure, for which its memory is enough by what was measured. */
class SocketsTest {
    private static final Pattern LIMIT = Pattern.compile("domicile.messaging.max-connections=(\\d+)");
    private static final Pattern MEMORY = Pattern.compile("limits: \\{cpu: \"\\d+\", memory: (\\d+)Gi}");
    private static final Pattern SCALED =
            Pattern.compile("(?s)domicile_messaging_connections\\).*?threshold: \"(\\d+)\"");
    private static final Pattern ALERT = Pattern.compile("domicile_messaging_connections\\) > (\\d+)");
    private static final Pattern SOCKET = Pattern.compile("\\| TLS in the service \\| [\\d,]+ \\| ([\\d.]+) kB");
    private static final Pattern IDLE = Pattern.compile("\\| messaging-service \\|.*\\| (\\d+), \\d+ MiB");

    private final Sources sources = Sources.here();
    private final int limit = (int) figure("deploy/kubernetes/base/config/messaging.properties", LIMIT);

    @Test
    void as_many_as_are_taken_fit_into_the_memory_of_a_pod() {
        var bytes = limit * figure("docs/performance-of-messaging.md", SOCKET) * 1000
                + figure("docs/native.md", IDLE) * (1 << 20);
        var has = figure("deploy/kubernetes/base/services/messaging.yaml", MEMORY) * (1 << 30);

        assertTrue(fits(bytes, has), bytes + " of " + has);
        assertFalse(fits(bytes / limit * 100_000, has), "100,000 would not");
    }

    @Test
    void pods_are_added_and_somebody_is_told_before_devices_are_refused() {
        assertEquals(limit * 0.75, figure("deploy/kubernetes/base/services/scaling.yaml", SCALED));
        assertEquals(limit * 0.9, figure("deploy/alerts/services.yaml", ALERT));
    }

    @Test
    void the_capacity_page_reckons_with_it() {
        assertTrue(sources.read("docs/capacity.md").contains("%,d an instance of 2 GiB".formatted(limit)));
    }

    /** A fifth is left for messages that pass. */
    private static boolean fits(double bytes, double has) {
        return bytes < has * 0.8;
    }

    private double figure(String file, Pattern pattern) {
        var found = pattern.matcher(sources.read(file));
        assertTrue(found.find(), file);
        return Double.parseDouble(found.group(1));
    }
}
