package org.domicile.checks.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is written into MSK by a command is what Strimzi makes elsewhere, but for other regions' names and what {@code components/msk} adds. */
class TopicsTest {
    private static final Manifests STRIMZI =
            Overlay.canRender() ? Overlay.ALL.getFirst().rendered() : null;

    @BeforeAll
    static void kubectl() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
    }

    @Test
    void every_topic_of_a_region_is_in_the_list_of_msk_and_the_other_way_round() {
        for (var region : managed()) {
            var msk = msk(region);

            assertEquals(own(STRIMZI), own(msk));
            for (var other : Overlay.ALL) {
                assertEquals(!other.equals(region), msk.ofKind("KafkaTopic").anyMatch(t -> t.name()
                        .equals(other.region() + ".residency.directory")));
            }
            assertEquals(List.of(), new StrictSchemas().violations(msk));
            assertEquals(List.of(), new NamesOfTheRegion().violations(msk));
        }
    }

    @Test
    void rights_are_the_same_and_two_more() {
        for (var region : managed()) {
            var msk = msk(region);

            for (var service : List.of("account", "backup", "messaging", "migration", "keda")) {
                assertEquals(rights(STRIMZI, "cn-north." + service), rights(msk, region.region() + "." + service));
            }
            var more = rights(msk, region.region() + ".mirror");
            more.removeAll(rights(STRIMZI, "cn-north.mirror"));
            assertEquals(
                    Set.of(
                            "erasure.list [\"Read\",\"Describe\",\"DescribeConfigs\"]",
                            "residency.directory [\"Read\",\"Describe\",\"DescribeConfigs\"]"),
                    more);
            var operator = rights(msk, region.region() + ".operator");
            assertTrue(
                    operator.stream().noneMatch(r -> r.contains("Read") || r.contains("All") || r.contains("Write")),
                    operator.toString());
        }
    }

    private static List<Overlay> managed() {
        return Overlay.ALL.stream().filter(Overlay::managed).toList();
    }

    private static Manifests msk(Overlay region) {
        return Manifests.parse(Overlay.render(Sources.here().path("deploy/kubernetes/msk/" + region.region())));
    }

    /** Topics that are no other region's, with their settings. */
    private static Set<String> own(Manifests manifests) {
        return manifests
                .ofKind("KafkaTopic")
                .filter(t -> Overlay.ALL.stream().noneMatch(o -> t.name().startsWith(o.region() + ".")))
                .map(t -> t.name() + " " + t.spec())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> rights(Manifests manifests, String user) {
        var rights = new TreeSet<String>();
        for (JsonNode acl : manifests.get("KafkaUser", user).at("spec.authorization.acls")) {
            var name = acl.path("resource").path("name").asText();
            if (Overlay.ALL.stream().noneMatch(o -> name.startsWith(o.region() + "."))) {
                rights.add(name + " " + acl.path("operations"));
            }
        }
        return rights;
    }
}
