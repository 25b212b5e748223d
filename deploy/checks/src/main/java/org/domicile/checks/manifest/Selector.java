package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** A label selector of Kubernetes. */
public record Selector(JsonNode node) {
    public boolean selects(Map<String, String> labels) {
        for (var wanted : node.path("matchLabels").properties()) {
            if (!wanted.getValue().asText().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        for (var expression : node.path("matchExpressions")) {
            if (!holds(expression, labels)) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(JsonNode expression, Map<String, String> labels) {
        var value = labels.get(expression.path("key").asText());
        return switch (expression.path("operator").asText()) {
            case "In" -> value != null && contains(expression.path("values"), value);
            case "NotIn" -> value == null || !contains(expression.path("values"), value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> throw new IllegalArgumentException("unknown operator: " + expression);
        };
    }

    private static boolean contains(JsonNode values, String value) {
        for (var one : values) {
            if (one.asText().equals(value)) {
                return true;
            }
        }
        return false;
    }
}
