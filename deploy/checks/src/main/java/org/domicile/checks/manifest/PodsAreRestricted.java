package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The pod security standard {@code restricted}, and a root file system that cannot be written. */
public final class PodsAreRestricted implements Rule {
    private static final Set<String> VOLUMES = Set.of(
            "configMap", "secret", "emptyDir", "projected", "persistentVolumeClaim", "downwardAPI", "csi", "ephemeral");

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
            checkPod(m.id(), m.pod().path("spec"), found);
            m.containers().forEach(c -> checkContainer(m.id(), c.path("securityContext"), found));
        });
        manifests.ofKind("Keycloak").forEach(m -> {
            var pod = m.at("spec.unsupported.podTemplate.spec");
            checkPod(m.id(), pod, found);
            checkContainer(m.id(), pod.path("containers").path(0).path("securityContext"), found);
        });
        return found;
    }

    private static void checkPod(String id, JsonNode pod, List<String> found) {
        var context = pod.path("securityContext");
        require(context.path("runAsNonRoot").asBoolean(), id + ": runAsNonRoot is not true.", found);
        require(
                context.path("seccompProfile").path("type").asText().equals("RuntimeDefault"),
                id + ": the seccomp profile is not RuntimeDefault.",
                found);
        require(
                !pod.path("automountServiceAccountToken").asBoolean(true),
                id + ": mounts a token of the control plane, which it does not need.",
                found);
        for (var host : List.of("hostNetwork", "hostPID", "hostIPC")) {
            require(!pod.path(host).asBoolean(), id + ": uses " + host + ".", found);
        }
        pod.path("volumes").forEach(volume -> volume.properties().stream()
                .map(java.util.Map.Entry::getKey)
                .filter(type -> !type.equals("name") && !VOLUMES.contains(type))
                .forEach(type -> found.add(id + ": a volume of type " + type + " is not allowed.")));
    }

    private static void checkContainer(String id, JsonNode context, List<String> found) {
        require(
                !context.path("allowPrivilegeEscalation").asBoolean(true),
                id + ": allowPrivilegeEscalation is not false.",
                found);
        require(
                context.path("readOnlyRootFilesystem").asBoolean(),
                id + ": the root file system can be written.",
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
