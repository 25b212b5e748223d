package org.domicile.checks.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.domicile.checks.manifest.Manifest;
import org.domicile.checks.manifest.Manifests;

/** The kinds of pods that run in a region's namespace: by our manifests, and by those of operators with the labels that they give. */
record Pods(String name, Map<String, String> labels) {
    static List<Pods> of(Manifests manifests) {
        var all = new ArrayList<Pods>();
        manifests.workloads().forEach(m -> all.add(new Pods(name(m), m.podLabels())));
        manifests
                .ofKind("Keycloak")
                .forEach(m -> all.add(
                        new Pods("keycloak", Map.of("app", "keycloak", "app.kubernetes.io/instance", m.name()))));
        // the operator gives the pod that imports a realm a label of its own, and the rest of Keycloak's
        manifests
                .ofKind("KeycloakRealmImport")
                .forEach(m -> all.add(new Pods(
                        "keycloak-import",
                        Map.of(
                                "app",
                                "keycloak-realm-import",
                                "app.kubernetes.io/instance",
                                m.at("spec.keycloakCRName").asText()))));
        manifests
                .ofKind("KafkaNodePool")
                .forEach(m -> all.add(
                        new Pods("kafka", Map.of("strimzi.io/cluster", "kafka", "strimzi.io/pool-name", m.name()))));
        manifests
                .ofKind("Kafka")
                .forEach(m -> all.add(new Pods(
                        "kafka-operators",
                        Map.of("strimzi.io/cluster", m.name(), "strimzi.io/name", m.name() + "-entity-operator"))));
        manifests.ofKind("KafkaMirrorMaker2").forEach(m -> all.add(new Pods("mirror", mirrorLabels(m))));
        manifests.ofKind("Cluster").forEach(m -> all.add(new Pods(m.name(), Map.of("cnpg.io/cluster", m.name()))));
        return all;
    }

    private static String name(Manifest m) {
        return m.kind().equals("ScaledJob") ? "worker" : m.name();
    }

    private static Map<String, String> mirrorLabels(Manifest m) {
        var labels = new java.util.TreeMap<String, String>();
        labels.put("strimzi.io/cluster", m.name());
        m.at("spec.template.pod.metadata.labels")
                .properties()
                .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        return labels;
    }
}
