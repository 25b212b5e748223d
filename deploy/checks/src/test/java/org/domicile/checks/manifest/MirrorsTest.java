package org.domicile.checks.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.domicile.checks.Sources;
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
    void every_region_reads_every_one_that_runs_its_own_kafka() {
        var found = new ArrayList<String>();
        for (var from : Overlay.ALL) {
            for (var to : Overlay.ALL) {
                if (!from.equals(to) && !to.managed()) {
                    found.addAll(Mirrors.differences(from.region(), from.rendered(), to.region(), to.rendered()));
                }
            }
        }

        assertEquals(List.of(), found);
    }

    /** What is not there yet is said where an operator reads it; when it is made, this test is to be taken away with the sentence. */
    @Test
    void a_region_of_aws_is_not_read_by_others_and_the_pages_say_so() {
        var from = Overlay.ALL.getFirst();
        for (var to : Overlay.ALL) {
            if (to.managed()) {
                assertEquals(
                        List.of(from.region() + " → " + to.region() + ": no Kafka of the region listens on 9094."),
                        Mirrors.differences(from.region(), from.rendered(), to.region(), to.rendered()));
            }
        }
        assertTrue(Sources.here().read("docs/network.md").contains("**Not there yet: the way into MSK.**"));
        assertTrue(Sources.here().read("docs/kubernetes.md").contains("network.md#where-they-are-awss"));
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
