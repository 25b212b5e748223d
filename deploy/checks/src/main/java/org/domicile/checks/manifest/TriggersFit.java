package org.domicile.checks.manifest;

import java.util.ArrayList;
import java.util.List;

/** What a scaler compares fits what it asks: a latency is the same however many pods there are, a sum is shared by them. */
public final class TriggersFit implements Rule {
    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.ofKind("ScaledObject").forEach(m -> m.at("spec.triggers").forEach(t -> {
            if (t.path("type").asText().equals("prometheus")) {
                var query = t.path("metadata").path("query").asText();
                var wanted = query.contains("histogram_quantile") ? "Value" : "AverageValue";
                if (!t.path("metricType").asText().equals(wanted)) {
                    found.add(m.id() + ": " + query + " is to be compared as " + wanted + ".");
                }
            }
        }));
        return found;
    }
}
