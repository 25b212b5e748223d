package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One resource of a region as it would be applied. */
public record Manifest(ObjectNode content) {
    public String kind() {
        return content.path("kind").asText();
    }

    public String apiVersion() {
        return content.path("apiVersion").asText();
    }

    public String name() {
        return content.path("metadata").path("name").asText();
    }

    /** For messages: {@code Deployment/account}. */
    public String id() {
        return kind() + "/" + name();
    }

    public JsonNode spec() {
        return content.path("spec");
    }

    /** A value by its path, {@code spec.template.spec}; missing where any step is. */
    public JsonNode at(String path) {
        JsonNode node = content;
        for (var step : path.split("\\.")) {
            node = node.path(step);
        }
        return node;
    }

    /** The pod that a workload of Kubernetes or KEDA makes; missing for everything else. */
    public JsonNode pod() {
        return switch (kind()) {
            case "Deployment", "StatefulSet", "DaemonSet", "Job" -> at("spec.template");
            case "CronJob" -> at("spec.jobTemplate.spec.template");
            case "ScaledJob" -> at("spec.jobTargetRef.template");
            default -> MissingNode.getInstance();
        };
    }

    public boolean makesPods() {
        return !pod().isMissingNode();
    }

    public List<JsonNode> containers() {
        var containers = new ArrayList<JsonNode>();
        for (var list : List.of("initContainers", "containers")) {
            pod().path("spec").path(list).forEach(containers::add);
        }
        return containers;
    }

    public Map<String, String> podLabels() {
        return labels(pod().path("metadata").path("labels"));
    }

    static Map<String, String> labels(JsonNode node) {
        var labels = new TreeMap<String, String>();
        node.properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
        return labels;
    }
}
