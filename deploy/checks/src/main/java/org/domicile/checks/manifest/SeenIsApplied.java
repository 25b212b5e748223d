package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.domicile.checks.Sources;

/** Every alert of {@code deploy/alerts} and every dashboard of {@code deploy/dashboards} is applied with a region. */
public final class SeenIsApplied implements Rule {
    private static final String SIDECAR = "grafana_dashboard";

    private final Set<String> alerts = new TreeSet<>();
    private final Set<String> dashboards = new TreeSet<>();

    public SeenIsApplied(Sources sources) {
        sources.files("deploy/alerts", ".yaml").stream()
                .map(f -> Manifests.parse(sources.read(sources.relative(f))))
                .forEach(m -> alerts.addAll(alerts(m)));
        sources.files("deploy/dashboards", ".json")
                .forEach(f -> dashboards.add(f.getFileName().toString()));
    }

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        var applied = alerts(manifests);
        alerts.stream()
                .filter(a -> !applied.contains(a))
                .forEach(a -> found.add("the alert " + a + " is not applied."));
        var shown = new TreeSet<String>();
        manifests
                .ofKind("ConfigMap")
                .filter(m -> m.at("metadata.labels").path(SIDECAR).asText().equals("1"))
                .forEach(m -> m.content().path("data").fieldNames().forEachRemaining(shown::add));
        dashboards.stream()
                .filter(d -> !shown.contains(d))
                .forEach(d -> found.add("the dashboard " + d + " is not applied."));
        return found;
    }

    private static Set<String> alerts(Manifests manifests) {
        var names = new TreeSet<String>();
        manifests.ofKind("PrometheusRule").forEach(m -> m.at("spec.groups").forEach(g -> g.path("rules")
                .forEach((JsonNode rule) -> names.add(rule.path("alert").asText()))));
        return names;
    }
}
