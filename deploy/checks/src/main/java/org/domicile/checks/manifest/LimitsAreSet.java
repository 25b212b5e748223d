package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every container, ours or an operator's, says what it needs and the most that it gets of CPU and memory. */
public final class LimitsAreSet implements Rule {
    /** Where resources of operators say it. */
    private static final Map<String, List<String>> OF_OPERATORS = Map.of(
            "Keycloak", List.of("spec.resources"),
            "Cluster", List.of("spec.resources"),
            "KafkaNodePool", List.of("spec.resources"),
            "KafkaMirrorMaker2", List.of("spec.resources"),
            "Kafka",
                    List.of(
                            "spec.entityOperator.topicOperator.resources",
                            "spec.entityOperator.userOperator.resources"));

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.workloads().forEach(m -> m.containers()
                .forEach(c -> check(m.id() + " container " + c.path("name").asText(), c.path("resources"), found)));
        manifests.all().forEach(m -> OF_OPERATORS
                .getOrDefault(m.kind(), List.of())
                .forEach(path -> check(m.id() + " " + path, m.at(path), found)));
        return found;
    }

    private static void check(String where, JsonNode resources, List<String> found) {
        for (var bound : List.of("requests", "limits")) {
            for (var what : List.of("cpu", "memory")) {
                if (resources.path(bound).path(what).isMissingNode()) {
                    found.add(where + ": " + bound + "." + what + " is not set.");
                }
            }
        }
    }
}
