package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Each service runs in several zones, is scaled, and is not drained away whole. */
public final class ServicesSurviveZones implements Rule {
    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.ofKind("Deployment").forEach(m -> {
            if (!spreads(m.pod().path("spec"))) {
                found.add(m.id() + ": is not spread over zones (whenUnsatisfiable: DoNotSchedule).");
            }
            if (m.spec().has("replicas")) {
                found.add(m.id() + ": says how many replicas there are, which whoever scales it decides.");
            }
            if (manifests.ofKind("PodDisruptionBudget").noneMatch(b -> selects(b, m))) {
                found.add(m.id() + ": has no PodDisruptionBudget.");
            }
            if (manifests
                    .ofKind("ScaledObject")
                    .filter(s -> s.at("spec.scaleTargetRef.name").asText().equals(m.name()))
                    .noneMatch(s -> s.at("spec.minReplicaCount").asInt() >= 2)) {
                found.add(m.id() + ": is not scaled to two or more by anything.");
            }
        });
        return found;
    }

    private static boolean spreads(JsonNode pod) {
        for (var constraint : pod.path("topologySpreadConstraints")) {
            if (constraint.path("topologyKey").asText().equals("topology.kubernetes.io/zone")
                    && constraint.path("whenUnsatisfiable").asText().equals("DoNotSchedule")) {
                return true;
            }
        }
        return false;
    }

    private static boolean selects(Manifest budget, Manifest workload) {
        var wanted = Manifest.labels(budget.at("spec.selector.matchLabels"));
        return !wanted.isEmpty() && workload.podLabels().entrySet().containsAll(wanted.entrySet());
    }
}
