package org.domicile.checks.manifest;

import static org.domicile.checks.manifest.Planted.changed;
import static org.domicile.checks.manifest.Planted.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the resources say of which operators make pods. */
class PlantedOperatorsTest {
    @BeforeAll
    static void kubectl() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
    }

    @Test
    void pods_that_the_namespace_would_refuse() {
        var found = new PodsAreRestricted().violations(changed(m -> {
            object(m, "Kafka", "kafka")
                    .withObject("/spec/entityOperator/template/userOperatorContainer/securityContext")
                    .put("allowPrivilegeEscalation", true);
            object(m, "KafkaNodePool", "brokers")
                    .withObject("/spec/template/pod/securityContext")
                    .remove("seccompProfile");
            object(m, "KafkaNodePool", "brokers")
                    .withObject("/spec/template/initContainer/securityContext")
                    .remove("capabilities");
            object(m, "KafkaMirrorMaker2", "mirror-from-in-west")
                    .withObject("/spec/template/pod")
                    .remove("securityContext");
            object(m, "Cluster", "account-db")
                    .withObject("/spec/seccompProfile")
                    .put("type", "Unconfined");
        }));

        assertEquals(
                List.of(
                        "Cluster/account-db: the seccomp profile is not RuntimeDefault.",
                        "Kafka/kafka spec.entityOperator.template.userOperatorContainer: allowPrivilegeEscalation is not false.",
                        "KafkaMirrorMaker2/mirror-from-in-west spec.template.pod: runAsNonRoot is not true.",
                        "KafkaMirrorMaker2/mirror-from-in-west spec.template.pod: the seccomp profile is not RuntimeDefault.",
                        "KafkaNodePool/brokers spec.template.initContainer: does not drop all capabilities.",
                        "KafkaNodePool/brokers spec.template.pod: the seccomp profile is not RuntimeDefault."),
                found.stream().sorted().toList());
    }

    @Test
    void a_keycloak_that_cannot_unpack_what_it_serves() {
        var found = new PodsAreRestricted().violations(changed(m -> object(m, "Keycloak", "keycloak")
                .withArray("/spec/unsupported/podTemplate/spec/containers/0/volumeMounts")
                .remove(1)));

        assertEquals(
                List.of("Keycloak/keycloak: cannot write /opt/keycloak/data/tmp, where it unpacks what it serves."),
                found);
    }

    @Test
    void what_a_zone_takes_along() {
        var found = new ServicesSurviveZones().violations(changed(m -> {
            object(m, "Kafka", "kafka").withObject("/spec/kafka").remove("rack");
            object(m, "KafkaNodePool", "brokers")
                    .withObject("/spec/template/pod")
                    .remove("topologySpreadConstraints");
            ((ObjectNode) object(m, "KafkaMirrorMaker2", "mirror-from-in-west")
                            .withArray("/spec/template/pod/topologySpreadConstraints")
                            .get(0))
                    .put("whenUnsatisfiable", "ScheduleAnyway");
            object(m, "Keycloak", "keycloak").withObject("/spec").remove("scheduling");
            object(m, "Cluster", "account-db")
                    .withObject("/spec/affinity")
                    .put("topologyKey", "kubernetes.io/hostname");
            object(m, "Cluster", "backup-db").withObject("/spec").put("instances", 1);
        }));

        assertEquals(
                List.of(
                        "Cluster/account-db: two of its instances may be in one zone.",
                        "Cluster/backup-db: is in one zone only.",
                        "Kafka/kafka: its brokers do not know their zone.",
                        "KafkaMirrorMaker2/mirror-from-in-west: is not spread over zones (whenUnsatisfiable: DoNotSchedule).",
                        "KafkaNodePool/brokers: is not spread over zones (whenUnsatisfiable: DoNotSchedule).",
                        "Keycloak/keycloak: is not spread over zones (whenUnsatisfiable: DoNotSchedule)."),
                found.stream().sorted().toList());
    }
}
