package org.domicile.checks.manifest;

import static org.domicile.checks.manifest.Planted.REGION;
import static org.domicile.checks.manifest.Planted.assertSays;
import static org.domicile.checks.manifest.Planted.changed;
import static org.domicile.checks.manifest.Planted.object;
import static org.domicile.checks.manifest.Planted.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import org.domicile.checks.network.OpenArrows;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is open and should not be, and what should be and is not, is said of a region into which one mistake was put. */
class PlantedArrowsTest {
    @BeforeAll
    static void kubectl() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
    }

    @Test
    void one_arrow_more() {
        var found = arrows(REGION.rendered().with("""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: planted}
                spec:
                  podSelector: {matchLabels: {app.kubernetes.io/name: messaging}}
                  policyTypes: [Egress]
                  egress:
                    - to: [{podSelector: {matchLabels: {cnpg.io/cluster: account-db}}}]
                      ports: [{protocol: TCP, port: 5432}]
                """));
        assertEquals(List.of("messaging → account-db:5432 may leave and may not arrive."), found);
    }

    @Test
    void a_door_to_the_world() {
        var found = arrows(REGION.rendered().with("""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: planted}
                spec:
                  podSelector: {matchLabels: {app.kubernetes.io/name: account, domicile.dev/tier: service}}
                  policyTypes: [Egress]
                  egress:
                    - to: [{ipBlock: {cidr: 0.0.0.0/0}}]
                      ports: [{protocol: TCP, port: 443}]
                """));
        assertSays(found, "NetworkPolicy/planted: does not say whose address it opens");
    }

    @Test
    void an_arrow_that_is_missing_at_one_end() {
        var found = arrows(without("NetworkPolicy", "backup-peers"));
        assertEquals(
                List.of(
                        "account → backup:9443 may leave and may not arrive.",
                        "account → backup:9443 is an arrow and is not open."),
                found);
    }

    @Test
    void a_region_that_is_forgotten() {
        var found = arrows(without("NetworkPolicy", "peer-us-west"));
        assertSays(found, "account → peers:9443 is open for the regions [ap-southeast, in-west, sa-east], not for");
    }

    @Test
    void no_default() {
        assertSays(arrows(without("NetworkPolicy", "default-deny")), "no policy denies everything to all pods.");
    }

    @Test
    void an_address_of_the_world_whatever_it_is_called() {
        var found = arrows(changed(m -> address(m, "to-object-store").put("cidr", "0.0.0.0/0")));

        assertSays(found, "NetworkPolicy/to-object-store: opens 0.0.0.0/0, which is more than one place.");
        assertSays(found, "object-store has other addresses in one policy than in another: {");
    }

    @Test
    void an_address_that_another_policy_does_not_know() {
        var found = arrows(changed(m -> address(m, "to-object-store").put("cidr", "192.0.2.64/28")));

        assertEquals(
                List.of(
                        "object-store has other addresses in one policy than in another:"
                                + " {NetworkPolicy/databases-to-object-store=[192.0.2.0/28], NetworkPolicy/to-object-store=[192.0.2.64/28]}."),
                found);
    }

    @Test
    void a_range_of_ports_and_another_protocol() {
        assertEquals(
                List.of(
                        "account → code-gateway:443-65535 is open and is not an arrow.",
                        "account → code-gateway:443 is an arrow and is not open."),
                arrows(changed(m -> port(m, "to-code-gateway").put("endPort", 65535))));
        assertEquals(
                List.of(
                        "account → code-gateway:443/UDP is open and is not an arrow.",
                        "account → code-gateway:443 is an arrow and is not open."),
                arrows(changed(m -> port(m, "to-code-gateway").put("protocol", "UDP"))));
        assertEquals(
                List.of(
                        "account → code-gateway:any is open and is not an arrow.",
                        "account → code-gateway:443 is an arrow and is not open."),
                arrows(changed(m -> port(m, "to-code-gateway").remove("port"))));
    }

    @Test
    void a_policy_that_is_of_no_pod() {
        var found = arrows(changed(m -> object(m, "NetworkPolicy", "to-vault")
                .withObject("/spec/podSelector")
                .putObject("matchLabels")
                .put("app.kubernetes.io/name", "acount")));

        assertSays(found, "NetworkPolicy/to-vault: is of no pod.");
    }

    private static ObjectNode address(Manifests manifests, String policy) {
        return (ObjectNode) object(manifests, "NetworkPolicy", policy).at("/spec/egress/0/to/0/ipBlock");
    }

    private static ObjectNode port(Manifests manifests, String policy) {
        return (ObjectNode) object(manifests, "NetworkPolicy", policy).at("/spec/egress/0/ports/0");
    }

    private static List<String> arrows(Manifests manifests) {
        var others = Overlay.ALL.stream()
                .filter(o -> !o.equals(REGION))
                .map(Overlay::region)
                .collect(Collectors.toSet());
        return OpenArrows.differences(manifests, OverlaysTest.Arrows.wanted(REGION), others);
    }
}
