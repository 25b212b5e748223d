package org.domicile.checks.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.domicile.checks.network.Mirrors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each region's mirrors against what every other region lets in: what is written on one side has to be met by the other. */
class MirrorsTest {
    @BeforeAll
    static void kubectl() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
    }

    @Test
    void every_region_reads_every_other() {
        var found = new ArrayList<String>();
        for (var from : Overlay.ALL) {
            for (var to : Overlay.ALL) {
                if (!from.equals(to)) {
                    found.addAll(Mirrors.differences(from.region(), from.rendered(), to.region(), to.rendered()));
                }
            }
        }

        assertEquals(List.of(), found);
    }

    /** With the names that they have in the region, and as long. */
    @Test
    void a_door_holds_what_other_regions_mirror_and_nothing_else() {
        var topics = topics(Overlay.ALL.getFirst(), Set.of("residency.directory", "erasure.list"));
        for (var overlay : Overlay.ALL) {
            if (overlay.managed()) {
                var door = overlay.rendered().get("KafkaMirrorMaker2", "mirror-to-door");
                assertEquals(topics, topics(overlay, null));
                assertEquals(
                        "residency\\.directory,erasure\\.list",
                        door.at("spec.mirrors").get(0).path("topicsPattern").asText());
                assertEquals(
                        "org.apache.kafka.connect.mirror.IdentityReplicationPolicy",
                        door.at("spec.mirrors")
                                .get(0)
                                .at("/sourceConnector/config")
                                .path("replication.policy.class")
                                .asText());
            }
        }
    }

    /** @param names which, or {@code null} for all */
    private static Map<String, JsonNode> topics(Overlay overlay, Set<String> names) {
        return overlay.rendered()
                .ofKind("KafkaTopic")
                .filter(t -> names == null || names.contains(t.name()))
                .collect(Collectors.toMap(Manifest::name, Manifest::spec));
    }

    @Test
    void nothing_listens() {
        assertSays(called(m -> listener(m).put("port", 9095)), "no Kafka of the region listens on 9094.");
    }

    @Test
    void a_broker_without_a_name_and_a_name_that_no_certificate_has() {
        assertSays(
                called(m -> listener(m).withArray("/configuration/brokers").remove(2)),
                "of 3 brokers 2 have a name outside.");
        assertSays(
                called(m -> ((ObjectNode)
                                listener(m).withArray("/configuration/brokers").get(0))
                        .put("advertisedHost", "broker-0.elsewhere.domicile.example")),
                "no certificate names broker-0.elsewhere.domicile.example.");
        assertSays(
                called(m -> m.get("Certificate", "kafka")
                        .content()
                        .withArray("/spec/dnsNames")
                        .remove(3)),
                "no certificate names kafka.peer.cn-north.domicile.example.");
    }

    @Test
    void no_way_in_no_user_and_no_right() {
        assertSays(
                called(m -> ((ObjectNode) m.get("NetworkPolicy", "mirror-of-in-west")
                                .content()
                                .at("/metadata/labels"))
                        .put("domicile.dev/peer", "sa-east")),
                "nothing of in-west may arrive on 9094.");
        assertSays(
                called(m -> listener(m).withObject("/configuration").putArray("loadBalancerSourceRanges")),
                "its load balancer does not let in-west in.");
        assertSays(
                called(m -> m.get("KafkaUser", "in-west.mirror")
                        .content()
                        .withObject("/metadata")
                        .put("name", "mirror")),
                "it has no user in-west.mirror.");
        assertSays(
                called(m -> m.get("KafkaUser", "in-west.mirror")
                        .content()
                        .withArray("/spec/authorization/acls")
                        .remove(1)),
                "in-west.mirror may not read erasure.list.");
    }

    /** What in-west finds in a cn-north that was changed. */
    private static List<String> called(Consumer<Manifests> change) {
        var to = Overlay.ALL.getFirst().rendered().copy();
        change.accept(to);
        return Mirrors.differences("in-west", Overlay.ALL.get(1).rendered(), "cn-north", to);
    }

    private static ObjectNode listener(Manifests manifests) {
        return (ObjectNode) manifests
                .get("Kafka", "kafka")
                .content()
                .at("/spec/kafka/listeners")
                .get(1);
    }

    private static void assertSays(List<String> found, String what) {
        assertEquals(
                List.of("in-west → cn-north: " + what),
                found.stream().filter(s -> s.endsWith(what)).toList(),
                found.toString());
    }
}
