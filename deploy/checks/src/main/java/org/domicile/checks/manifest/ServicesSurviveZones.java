package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Each service and what it stands on, also what operators make, runs in several zones; services are scaled, and are not drained away whole. */
public final class ServicesSurviveZones implements Rule {
    private static final String ZONE = "topology.kubernetes.io/zone";

    /** Where operators' resources say how pods are spread. */
    private static final Map<String, String> OF_OPERATORS = Map.of(
            "KafkaNodePool", "spec.template.pod",
            "KafkaMirrorMaker2", "spec.template.pod",
            "Keycloak", "spec.scheduling");

    private static final Map<String, String> REPLICAS = Map.of(
            "KafkaNodePool",
            "replicas",
            "KafkaMirrorMaker2",
            "replicas",
            "Keycloak",
            "instances",
            "Cluster",
            "instances");

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.ofKind("Deployment").forEach(m -> {
            checkSpread(m, m.pod().path("spec"), found);
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
        manifests.all().stream()
                .filter(m -> REPLICAS.containsKey(m.kind()))
                .filter(m -> m.spec().path(REPLICAS.get(m.kind())).asInt(1) < 2)
                .forEach(m -> found.add(m.id() + ": is in one zone only."));
        manifests.all().stream()
                .filter(m -> OF_OPERATORS.containsKey(m.kind()))
                .forEach(m -> checkSpread(m, m.at(OF_OPERATORS.get(m.kind())), found));
        // copies of a partition are in different zones only if brokers know theirs
        manifests
                .ofKind("Kafka")
                .filter(m -> !m.at("spec.kafka.rack.topologyKey").asText().equals(ZONE))
                .forEach(m -> found.add(m.id() + ": its brokers do not know their zone."));
        manifests
                .ofKind("Cluster")
                .filter(m -> !keepsApart(m.at("spec.affinity")))
                .forEach(m -> found.add(m.id() + ": two of its instances may be in one zone."));
        return found;
    }

    private static void checkSpread(Manifest manifest, JsonNode pod, List<String> found) {
        for (var constraint : pod.path("topologySpreadConstraints")) {
            if (constraint.path("topologyKey").asText().equals(ZONE)
                    && constraint.path("whenUnsatisfiable").asText().equals("DoNotSchedule")) {
                return;
            }
        }
        found.add(manifest.id() + ": is not spread over zones (whenUnsatisfiable: DoNotSchedule).");
    }

    private static boolean keepsApart(JsonNode affinity) {
        return affinity.path("enablePodAntiAffinity").asBoolean()
                && affinity.path("podAntiAffinityType").asText().equals("required")
                && affinity.path("topologyKey").asText().equals(ZONE);
    }

    private static boolean selects(Manifest budget, Manifest workload) {
        var wanted = Manifest.labels(budget.at("spec.selector.matchLabels"));
        return !wanted.isEmpty() && workload.podLabels().entrySet().containsAll(wanted.entrySet());
    }
}
