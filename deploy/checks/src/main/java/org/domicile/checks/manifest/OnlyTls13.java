package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whatever listens or calls says that it speaks TLS 1.3 and nothing older: the public door, services, Kafka, databases, Keycloak. The one
 * that may also speak 1.2 is a client of a Kafka that is not the region's own: the provider decides there.
 */
public final class OnlyTls13 implements Rule {
    private static final String ONLY = "TLSv1.3";
    private static final String MANAGED_KAFKA = "TLSv1.3,TLSv1.2";
    private static final Pattern NAMED = Pattern.compile("quarkus\\.tls\\.([\\w-]+)\\.trust-store\\..*");

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests
                .ofKind("Gateway")
                .filter(g -> !isClosed(manifests, g))
                .forEach(g -> found.add(g.id() + ": takes TLS older than 1.3."));
        manifests.ofKind("Kafka").forEach(m -> {
            if (!m.at("spec.kafka.config")
                    .path("ssl.enabled.protocols")
                    .asText()
                    .equals(ONLY)) {
                found.add(m.id() + ": takes TLS older than 1.3.");
            }
            m.at("spec.kafka.listeners").forEach(l -> {
                if (!l.path("tls").asBoolean()) {
                    found.add(m.id() + ": the listener " + l.path("name").asText() + " is without TLS.");
                }
            });
        });
        manifests.ofKind("Cluster").forEach(m -> checkDatabase(m, found));
        manifests
                .ofKind("Keycloak")
                .filter(m -> !option(m, "https-protocols").equals(ONLY))
                .forEach(m -> found.add(m.id() + ": takes TLS older than 1.3."));
        var kafka = manifests
                .ofKind("ConfigMap")
                .filter(m -> m.at("data").has("bootstrap-servers"))
                .map(m -> m.at("data").path("bootstrap-servers").asText())
                .anyMatch(servers ->
                        manifests.ofKind("Kafka").anyMatch(k -> servers.startsWith(k.name() + "-kafka-bootstrap:")));
        manifests.workloads().forEach(m -> Configuration.of(manifests, m)
                .ifPresent(c -> checkService(m, c, kafka, found)));
        return found;
    }

    private static boolean isClosed(Manifests manifests, Manifest gateway) {
        return manifests
                .ofKind("ClientTrafficPolicy")
                .anyMatch(p -> p.at("spec.tls.minVersion").asText().equals("1.3")
                        && targets(p.at("spec.targetRefs"), gateway));
    }

    private static boolean targets(JsonNode references, Manifest gateway) {
        for (var reference : references) {
            if (reference.path("kind").asText().equals("Gateway")
                    && reference.path("name").asText().equals(gateway.name())) {
                return true;
            }
        }
        return false;
    }

    private static void checkDatabase(Manifest m, List<String> found) {
        if (!m.at("spec.postgresql.parameters.ssl_min_protocol_version")
                .asText()
                .equals(ONLY)) {
            found.add(m.id() + ": takes TLS older than 1.3.");
        }
        m.at("spec.postgresql.pg_hba").forEach(line -> {
            if (!line.asText().startsWith("hostssl ")) {
                found.add(m.id() + ": \"" + line.asText() + "\" lets in without TLS.");
            }
        });
    }

    private static String option(Manifest keycloak, String name) {
        for (var option : keycloak.at("spec.additionalOptions")) {
            if (option.path("name").asText().equals(name)) {
                return option.path("value").asText();
            }
        }
        return "";
    }

    private static void checkService(Manifest m, Configuration configuration, boolean ownKafka, List<String> found) {
        check(m, configuration, "quarkus.tls.protocols", ONLY, found);
        check(m, configuration, "kafka.ssl.enabled.protocols", ownKafka ? ONLY : MANAGED_KAFKA, found);
        check(m, configuration, "kafka.security.protocol", "SSL", found);
        check(m, configuration, "quarkus.http.insecure-requests", "disabled", found);
        configuration
                .keys()
                .map(NAMED::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> "quarkus.tls." + matcher.group(1) + ".protocols")
                .filter(key -> !key.equals("quarkus.tls.trust-store.protocols"))
                .distinct()
                .forEach(key -> check(m, configuration, key, ONLY, found));
    }

    private static void check(Manifest m, Configuration configuration, String key, String wanted, List<String> found) {
        if (!configuration.get(key).equals(wanted)) {
            found.add(m.id() + ": " + key + " is \"" + configuration.get(key) + "\", not " + wanted + ".");
        }
    }
}
