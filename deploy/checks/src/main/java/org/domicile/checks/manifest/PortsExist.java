package org.domicile.checks.manifest;

import java.util.ArrayList;
import java.util.List;

/** A port that is called by its name, by what scrapes pods or by a service, is one of every pod that is selected. */
public final class PortsExist implements Rule {
    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.ofKind("PodMonitor").forEach(m -> m.at("spec.podMetricsEndpoints")
                .forEach(e -> check(
                        m.id(),
                        selected(manifests, new Selector(m.at("spec.selector"))),
                        e.path("port").asText(),
                        found)));
        manifests.ofKind("Service").forEach(m -> {
            var wanted = Manifest.labels(m.at("spec.selector"));
            var pods = manifests
                    .workloads()
                    .filter(w -> w.podLabels().entrySet().containsAll(wanted.entrySet()))
                    .toList();
            m.at("spec.ports")
                    .forEach(p -> check(m.id(), pods, p.path("targetPort").asText(), found));
        });
        return found;
    }

    private static List<Manifest> selected(Manifests manifests, Selector selector) {
        return manifests
                .workloads()
                .filter(w -> selector.selects(w.podLabels()))
                .toList();
    }

    private static void check(String id, List<Manifest> pods, String port, List<String> found) {
        if (pods.isEmpty()) {
            found.add(id + ": selects no pod.");
        }
        pods.stream()
                .filter(w -> !has(w, port))
                .forEach(w -> found.add(w.id() + ": has no port \"" + port + "\", which " + id + " wants."));
    }

    private static boolean has(Manifest workload, String port) {
        for (var container : workload.containers()) {
            for (var one : container.path("ports")) {
                if (one.path("name").asText().equals(port)) {
                    return true;
                }
            }
        }
        return false;
    }
}
