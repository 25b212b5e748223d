package org.domicile.checks.manifest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All connections that the most pods of a service may open to one of its databases are fewer than it takes, while pods are replaced too
 * and with those that PostgreSQL and its operator keep for themselves.
 */
public final class ConnectionsFit implements Rule {
    /** Flyway's pool, {@code quarkus.datasource.jdbc.max-size} of every service. */
    static final int FLYWAY = 2;

    private static final int KEPT = 10;
    private static final int KEYCLOAKS_DEFAULT = 100;
    /** By the end of the cluster's name: the pool of the services' configuration. */
    private static final Map<String, String> POOLS = Map.of(
            "-keys-db", "quarkus.datasource.keys.reactive.max-size", "-db", "quarkus.datasource.reactive.max-size");

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.ofKind("Cluster").forEach(m -> {
            var taken = taken(manifests, m, found) + KEPT;
            var most = m.at("spec.postgresql.parameters.max_connections").asInt(100);
            if (taken >= most) {
                found.add(m.id() + ": " + taken + " connections may be wanted, it takes " + most + ".");
            }
        });
        return found;
    }

    private static int taken(Manifests manifests, Manifest cluster, List<String> found) {
        var ending = cluster.name().endsWith("-keys-db") ? "-keys-db" : "-db";
        var service = cluster.name().substring(0, cluster.name().length() - ending.length());
        var keycloaks = manifests
                .ofKind("Keycloak")
                .filter(k -> k.name().equals(service))
                .mapToInt(k -> (k.at("spec.instances").asInt() + 1) * poolOf(k))
                .sum();
        return keycloaks
                + manifests
                        .workloads()
                        .filter(w -> service.equals(w.podLabels().get("app.kubernetes.io/name"))
                                || w.name().equals("schema-" + service))
                        .mapToInt(w -> pods(manifests, w) * pool(manifests, w, POOLS.get(ending), found))
                        .sum();
    }

    private static int pods(Manifests manifests, Manifest workload) {
        return switch (workload.kind()) {
            case "ScaledJob" -> workload.at("spec.maxReplicaCount").asInt();
            case "Deployment" ->
                manifests
                                .ofKind("ScaledObject")
                                .filter(s -> s.at("spec.scaleTargetRef.name")
                                        .asText()
                                        .equals(workload.name()))
                                .mapToInt(s -> s.at("spec.maxReplicaCount").asInt())
                                .sum()
                        + workload.at("spec.strategy.rollingUpdate.maxSurge").asInt(1);
            default -> 1;
        };
    }

    private static int pool(Manifests manifests, Manifest workload, String key, List<String> found) {
        var size = Configuration.of(manifests, workload).map(c -> c.number(key)).orElse(0);
        if (size == 0) {
            found.add(workload.id() + ": " + key + " is not set.");
        }
        return size + FLYWAY;
    }

    private static int poolOf(Manifest keycloak) {
        for (var option : keycloak.at("spec.additionalOptions")) {
            if (option.path("name").asText().equals("db-pool-max-size")) {
                return option.path("value").asInt();
            }
        }
        return KEYCLOAKS_DEFAULT;
    }
}
