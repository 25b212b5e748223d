package org.domicile.checks.manifest;

import static org.domicile.checks.manifest.Planted.changed;
import static org.domicile.checks.manifest.Planted.configured;
import static org.domicile.checks.manifest.Planted.container;
import static org.domicile.checks.manifest.Planted.object;
import static org.domicile.checks.manifest.Planted.pod;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How pods are reached, and how they end. */
class PlantedPodsTest {
    @BeforeAll
    static void kubectl() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
    }

    @Test
    void a_worker_and_a_service_that_cannot_be_scraped() {
        var found = new PortsExist().violations(changed(m -> {
            worker(m).remove("ports");
            ((ObjectNode) container(m, "account").withArray("/ports").get(0)).put("name", "http");
        }));

        assertEquals(
                List.of(
                        "Deployment/account: has no port \"https\", which PodMonitor/services wants.",
                        "ScaledJob/migration-jobs: has no port \"https\", which PodMonitor/services wants.",
                        "Deployment/account: has no port \"https\", which Service/account wants."),
                found.stream()
                        .sorted(Comparator.comparing(s -> s.contains("Service/")))
                        .toList());
    }

    @Test
    void a_monitor_and_a_service_of_nothing() {
        var found = new PortsExist().violations(changed(m -> {
            object(m, "PodMonitor", "services")
                    .withObject("/spec/selector")
                    .putArray("matchExpressions")
                    .addObject()
                    .put("key", "nobody")
                    .put("operator", "Exists");
            object(m, "Service", "backup-peer").withObject("/spec/selector").put("app.kubernetes.io/name", "bakup");
        }));

        assertEquals(List.of("PodMonitor/services: selects no pod.", "Service/backup-peer: selects no pod."), found);
    }

    @Test
    void a_pod_that_is_killed_before_it_has_ended() {
        assertEquals(
                List.of(
                        "Deployment/account: is killed 40 s after it is told to end, and may need 40 s.",
                        "ScaledJob/migration-jobs: is killed 30 s after it is told to end, and may need 35 s."),
                new PodsHaveTimeToEnd().violations(changed(m -> {
                    pod(m, "account").put("terminationGracePeriodSeconds", 40);
                    ((ObjectNode) object(m, "ScaledJob", "migration-jobs").at("/spec/jobTargetRef/template/spec"))
                            .remove("terminationGracePeriodSeconds");
                })));
        var found = new PodsHaveTimeToEnd()
                .violations(configured("quarkus.shutdown.timeout=30s", "quarkus.shutdown.timeout=PT1M"));
        assertEquals(5, found.size(), found.toString());
        assertEquals(
                "Deployment/account: quarkus.shutdown.delay is not set.",
                new PodsHaveTimeToEnd()
                        .violations(configured("quarkus.shutdown.delay=5s", ""))
                        .getFirst());
    }

    @Test
    void times_are_read_as_the_services_do() {
        assertEquals(Duration.ofSeconds(30), PodsHaveTimeToEnd.duration("30"));
        assertEquals(Duration.ofSeconds(30), PodsHaveTimeToEnd.duration("30s"));
        assertEquals(Duration.ofMinutes(2), PodsHaveTimeToEnd.duration("2M"));
        assertEquals(Duration.ofMillis(500), PodsHaveTimeToEnd.duration("500ms"));
        assertEquals(Duration.ofMinutes(1), PodsHaveTimeToEnd.duration("PT1M"));
    }

    private static ObjectNode worker(Manifests manifests) {
        return (ObjectNode) ((ArrayNode) object(manifests, "ScaledJob", "migration-jobs")
                        .at("/spec/jobTargetRef/template/spec/containers"))
                .get(0);
    }
}
