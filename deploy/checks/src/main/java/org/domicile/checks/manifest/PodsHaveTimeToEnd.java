package org.domicile.checks.manifest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is told to end is killed only after the time that its configuration gives it: what its {@code preStop} sleeps, then
 * {@code quarkus.shutdown.delay}, then {@code quarkus.shutdown.timeout}. A job of Flyway's serves nobody and waits for nothing.
 */
public final class PodsHaveTimeToEnd implements Rule {
    private static final List<String> WAITS = List.of("quarkus.shutdown.delay", "quarkus.shutdown.timeout");
    /** What Kubernetes gives a pod that says nothing, in seconds. */
    private static final int DEFAULT = 30;

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.workloads().filter(m -> !m.kind().equals("Job")).forEach(m -> {
            var configuration = Configuration.of(manifests, m);
            if (configuration.isPresent()) {
                check(m, configuration.get(), found);
            }
        });
        return found;
    }

    private static void check(Manifest workload, Configuration configuration, List<String> found) {
        var needed = slept(workload);
        for (var key : WAITS) {
            if (configuration.get(key).isEmpty()) {
                found.add(workload.id() + ": " + key + " is not set.");
                return;
            }
            needed = needed.plus(duration(configuration.get(key)));
        }
        var given = Duration.ofSeconds(workload.pod()
                .path("spec")
                .path("terminationGracePeriodSeconds")
                .asInt(DEFAULT));
        if (given.compareTo(needed) <= 0) {
            found.add(workload.id() + ": is killed " + given.toSeconds() + " s after it is told to end, and may need "
                    + needed.toSeconds() + " s.");
        }
    }

    private static Duration slept(Manifest workload) {
        return Duration.ofSeconds(workload.containers().stream()
                .mapToInt(c -> c.path("lifecycle")
                        .path("preStop")
                        .path("sleep")
                        .path("seconds")
                        .asInt())
                .max()
                .orElse(0));
    }

    /** As Quarkus reads it: {@code 30}, {@code 30s}, {@code 500ms} or ISO 8601. */
    static Duration duration(String text) {
        var value = text.toUpperCase(Locale.ROOT);
        if (value.endsWith("MS")) {
            return Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)));
        }
        if (value.startsWith("P")) {
            return Duration.parse(value);
        }
        return Duration.parse("PT" + (value.matches("\\d+") ? value + "S" : value));
    }
}
