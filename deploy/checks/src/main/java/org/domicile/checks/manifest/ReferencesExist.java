package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Whatever is named is made by something: a secret by an ExternalSecret or a Certificate, a ConfigMap, a service account. */
public final class ReferencesExist implements Rule {
    private static final Set<String> SECRET_FIELDS = Set.of(
            "secretName",
            "secretKeyRef",
            "secret",
            "tlsSecret",
            "usernameSecret",
            "passwordSecret",
            "serverTLSSecret",
            "serverCASecret",
            "accessKeyId",
            "secretAccessKey");

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        var secrets = secrets(manifests);
        var maps = names(manifests, "ConfigMap");
        var accounts = names(manifests, "ServiceAccount");
        var authentications = names(manifests, "TriggerAuthentication");
        manifests.all().stream().filter(m -> !m.kind().equals("Certificate")).forEach(m -> {
            collect(m.content(), SECRET_FIELDS).stream()
                    .filter(name -> !secrets.contains(name))
                    .forEach(name -> found.add(m.id() + ": nothing makes the secret " + name + "."));
            collect(m.content(), Set.of("configMap", "configMapKeyRef")).stream()
                    .filter(name -> !maps.contains(name))
                    .forEach(name -> found.add(m.id() + ": there is no ConfigMap " + name + "."));
            collect(m.content(), Set.of("serviceAccountName")).stream()
                    .filter(name -> !accounts.contains(name))
                    .forEach(name -> found.add(m.id() + ": there is no ServiceAccount " + name + "."));
            collect(m.content(), Set.of("authenticationRef")).stream()
                    .filter(name -> !authentications.contains(name))
                    .forEach(name -> found.add(m.id() + ": there is no TriggerAuthentication " + name + "."));
        });
        // a Kafka whose clients' authority is not Strimzi's is not made before both are there
        manifests
                .ofKind("Kafka")
                .filter(m -> !m.at("spec.clientsCa")
                        .path("generateCertificateAuthority")
                        .asBoolean(true))
                .flatMap(m -> Stream.of("-clients-ca", "-clients-ca-cert").map(m.name()::concat))
                .filter(name -> !secrets.contains(name))
                .forEach(name -> found.add("Kafka: nothing makes the secret " + name + "."));
        return found;
    }

    private static Set<String> secrets(Manifests manifests) {
        var secrets = new HashSet<String>();
        manifests
                .ofKind("ExternalSecret")
                .forEach(m -> secrets.add(m.at("spec.target.name").asText()));
        manifests
                .ofKind("Certificate")
                .forEach(m -> secrets.add(m.at("spec.secretName").asText()));
        return secrets;
    }

    private static Set<String> names(Manifests manifests, String kind) {
        var names = new HashSet<String>();
        manifests.ofKind(kind).forEach(m -> names.add(m.name()));
        return names;
    }

    /** Names below fields so called: {@code field: name} or {@code field: {name: …}}, but for optional ones and placeholders. */
    private static List<String> collect(JsonNode node, Set<String> fields) {
        var names = new ArrayList<String>();
        node.properties().forEach(field -> {
            var value = field.getValue();
            if (fields.contains(field.getKey())) {
                if (value.isTextual() && !value.asText().startsWith("${")) {
                    names.add(value.asText());
                } else if (value.path("name").isTextual()
                        && !value.path("optional").asBoolean()) {
                    names.add(value.path("name").asText());
                }
            }
            if (!value.path("optional").asBoolean()) {
                names.addAll(collect(value, fields));
            }
        });
        if (node.isArray()) {
            node.forEach(element -> names.addAll(collect(element, fields)));
        }
        return names;
    }
}
