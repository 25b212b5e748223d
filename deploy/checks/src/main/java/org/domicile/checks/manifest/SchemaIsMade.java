package org.domicile.checks.manifest;

import java.util.ArrayList;
import java.util.List;

/** Every database of a service is given its schema by a job, never by the service, and the job goes on trying while databases are being made. */
public final class SchemaIsMade implements Rule {
    /** As long as the runbook for a new region waits for databases. */
    private static final int DATABASES_SECONDS = 900;

    private static final int FIRST_SECONDS = 10;
    private static final int LONGEST_SECONDS = 360;
    private static final List<String> DATABASES = List.of("quarkus.flyway.", "quarkus.flyway.keys.");

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.ofKind("Deployment").forEach(m -> Configuration.of(manifests, m)
                .ifPresent(service -> {
                    var jobs = manifests
                            .ofKind("Job")
                            .filter(job -> job.name().equals("schema-" + m.name()))
                            .toList();
                    if (jobs.isEmpty()) {
                        found.add(m.id() + ": no job makes its schema.");
                    } else {
                        check(manifests, m, service, jobs.getFirst(), found);
                    }
                }));
        return found;
    }

    private static void check(
            Manifests manifests, Manifest m, Configuration service, Manifest job, List<String> found) {
        var made = Configuration.of(manifests, job);
        for (var database : DATABASES) {
            var key = database + "migrate-at-start";
            if (service.keys().anyMatch(key::equals)) {
                if (!service.get(key).equals("false")) {
                    found.add(m.id() + ": changes its schema itself (" + key + ").");
                }
                if (!made.map(c -> c.get(key)).orElse("").equals("true")) {
                    found.add(job.id() + ": does not make a schema (" + key + ").");
                }
            }
        }
        if (!made.map(c -> c.get("quarkus.init-and-exit")).orElse("").equals("true")) {
            found.add(job.id() + ": does not end when it is done.");
        }
        if (!image(job).equals(image(m))) {
            found.add(job.id() + ": is of another release than " + m.id() + ".");
        }
        var tried = tried(job.at("spec.backoffLimit").asInt(6));
        if (tried < DATABASES_SECONDS || job.at("spec.activeDeadlineSeconds").asInt(Integer.MAX_VALUE) < 2 * tried) {
            found.add(job.id() + ": gives up while databases are being made.");
        }
    }

    private static String image(Manifest workload) {
        return workload.containers().getFirst().path("image").asText();
    }

    /** Seconds from the first failure to the last try: Kubernetes waits twice as long each time, at most six minutes. */
    private static int tried(int backoffLimit) {
        var seconds = 0;
        for (var i = 0; i < backoffLimit; i++) {
            seconds += (int) Math.min(LONGEST_SECONDS, FIRST_SECONDS * Math.pow(2, i));
        }
        return seconds;
    }
}
