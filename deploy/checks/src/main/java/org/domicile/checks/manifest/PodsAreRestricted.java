package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * The pod security standard {@code restricted}, for pods of ours and for those that operators make; ours and Keycloak have a root file
 * system that cannot be written.
 */
public final class PodsAreRestricted implements Rule {
    private static final Set<String> VOLUMES = Set.of(
            "configMap", "secret", "emptyDir", "projected", "persistentVolumeClaim", "downwardAPI", "csi", "ephemeral");

    /** Where Strimzi's resources say it: of the pod, then of each of its containers. */
    private static final Map<String, List<String>> OF_STRIMZI = Map.of(
            "KafkaNodePool",
                    List.of("spec.template.pod", "spec.template.kafkaContainer", "spec.template.initContainer"),
            "KafkaMirrorMaker2", List.of("spec.template.pod", "spec.template.connectContainer"),
            "Kafka",
                    List.of(
                            "spec.entityOperator.template.pod",
                            "spec.entityOperator.template.topicOperatorContainer",
                            "spec.entityOperator.template.userOperatorContainer"));

    /** Keycloak unpacks there what it serves, whatever {@code java.io.tmpdir} says. */
    private static final String UNPACKED = "/opt/keycloak/data/tmp";

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests
                .ofKind("Namespace")
                .filter(n -> !"restricted"
                        .equals(n.at("metadata.labels")
                                .path("pod-security.kubernetes.io/enforce")
                                .asText()))
                .forEach(n -> found.add(n.id() + ": does not enforce the pod security standard \"restricted\"."));
        manifests.workloads().forEach(m -> {
            checkOwnPod(m.id(), m.pod().path("spec"), found);
            m.containers().forEach(c -> checkOwnContainer(m.id(), c.path("securityContext"), found));
        });
        manifests.ofKind("Keycloak").forEach(m -> checkKeycloak(m, found));
        manifests.all().forEach(m -> checkStrimzi(m, OF_STRIMZI.getOrDefault(m.kind(), List.of()), found));
        // CloudNativePG restricts its pods by itself; this is what a resource can take back
        manifests.ofKind("Cluster").forEach(m -> checkSeccomp(m.id(), m.at("spec.seccompProfile"), found));
        return found;
    }

    private static void checkKeycloak(Manifest keycloak, List<String> found) {
        var pod = keycloak.at("spec.unsupported.podTemplate.spec");
        var container = pod.path("containers").path(0);
        checkOwnPod(keycloak.id(), pod, found);
        checkOwnContainer(keycloak.id(), container.path("securityContext"), found);
        require(
                StreamSupport.stream(container.path("volumeMounts").spliterator(), false)
                        .anyMatch(m -> m.path("mountPath").asText().equals(UNPACKED)),
                keycloak.id() + ": cannot write " + UNPACKED + ", where it unpacks what it serves.",
                found);
    }

    private static void checkStrimzi(Manifest manifest, List<String> templates, List<String> found) {
        for (var template : templates) {
            var id = manifest.id() + " " + template;
            var context = manifest.at(template).path("securityContext");
            if (template.endsWith(".pod")) {
                checkContext(id, context, found);
            } else {
                checkContainer(id, context, found);
            }
        }
    }

    private static void checkOwnPod(String id, JsonNode pod, List<String> found) {
        checkContext(id, pod.path("securityContext"), found);
        require(
                !pod.path("automountServiceAccountToken").asBoolean(true),
                id + ": mounts a token of the control plane, which it does not need.",
                found);
        for (var host : List.of("hostNetwork", "hostPID", "hostIPC")) {
            require(!pod.path(host).asBoolean(), id + ": uses " + host + ".", found);
        }
        pod.path("volumes").forEach(volume -> volume.properties().stream()
                .map(Map.Entry::getKey)
                .filter(type -> !type.equals("name") && !VOLUMES.contains(type))
                .forEach(type -> found.add(id + ": a volume of type " + type + " is not allowed.")));
    }

    private static void checkContext(String id, JsonNode context, List<String> found) {
        require(context.path("runAsNonRoot").asBoolean(), id + ": runAsNonRoot is not true.", found);
        checkSeccomp(id, context.path("seccompProfile"), found);
    }

    private static void checkSeccomp(String id, JsonNode profile, List<String> found) {
        require(
                profile.path("type").asText().equals("RuntimeDefault"),
                id + ": the seccomp profile is not RuntimeDefault.",
                found);
    }

    private static void checkOwnContainer(String id, JsonNode context, List<String> found) {
        checkContainer(id, context, found);
        require(
                context.path("readOnlyRootFilesystem").asBoolean(),
                id + ": the root file system can be written.",
                found);
    }

    private static void checkContainer(String id, JsonNode context, List<String> found) {
        require(
                !context.path("allowPrivilegeEscalation").asBoolean(true),
                id + ": allowPrivilegeEscalation is not false.",
                found);
        require(
                context.path("capabilities").path("drop").path(0).asText().equals("ALL"),
                id + ": does not drop all capabilities.",
                found);
        require(!context.path("privileged").asBoolean(), id + ": is privileged.", found);
    }

    private static void require(boolean holds, String otherwise, List<String> found) {
        if (!holds) {
            found.add(otherwise);
        }
    }
}
