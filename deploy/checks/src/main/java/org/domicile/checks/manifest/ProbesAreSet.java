package org.domicile.checks.manifest;

import java.util.ArrayList;
import java.util.List;

/** What runs on has all three probes and ends without refusing anybody: a job needs neither. */
public final class ProbesAreSet implements Rule {
    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.ofKind("Deployment").forEach(m -> {
            m.pod().path("spec").path("containers").forEach(container -> {
                for (var probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                    if (container.path(probe).path("httpGet").path("path").isMissingNode()) {
                        found.add(m.id() + " container "
                                + container.path("name").asText() + ": " + probe + " is not set.");
                    }
                }
                if (container.path("lifecycle").path("preStop").isMissingNode()) {
                    found.add(m.id() + ": without a preStop, requests still come after the service began to stop.");
                }
            });
        });
        return found;
    }
}
