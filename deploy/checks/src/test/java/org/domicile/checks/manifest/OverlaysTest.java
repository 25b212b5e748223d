package org.domicile.checks.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.domicile.checks.Sources;
import org.domicile.checks.network.ArrowTable;
import org.domicile.checks.network.OpenArrows;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every region as it would be applied. Needs a kubectl with kustomize 5. */
class OverlaysTest {
    @BeforeAll
    static void kubectl() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
    }

    static Stream<Overlay> regions() {
        return Overlay.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("regions")
    void every_rule_holds_in_every_region(Overlay overlay) {
        var violations = Rules.ALL.stream()
                .flatMap(rule -> rule.violations(overlay.rendered()).stream())
                .toList();

        assertEquals(List.of(), violations);
    }

    @ParameterizedTest
    @MethodSource("regions")
    void exactly_the_arrows_of_the_network_page_are_open(Overlay overlay) {
        var others = Overlay.ALL.stream()
                .filter(o -> !o.equals(overlay))
                .map(Overlay::region)
                .collect(Collectors.toSet());

        assertEquals(List.of(), OpenArrows.differences(overlay.rendered(), Arrows.wanted(overlay), others));
    }

    @ParameterizedTest
    @MethodSource("regions")
    void a_region_is_a_client_of_every_other_and_of_none_else(Overlay overlay) {
        var others = Overlay.ALL.stream()
                .filter(o -> !o.equals(overlay))
                .map(o -> "mirror-from-" + o.region())
                .collect(Collectors.toSet());

        var mirrors = overlay.rendered()
                .ofKind("KafkaMirrorMaker2")
                .map(Manifest::name)
                .collect(Collectors.toSet());

        if (overlay.managed()) {
            others.add("mirror-to-door");
        }
        assertEquals(others, mirrors);
    }

    @ParameterizedTest
    @MethodSource("regions")
    void the_realm_is_the_one_that_is_tested(Overlay overlay) {
        var tested = Manifests.parse(Sources.here().read("deploy/keycloak/realm/domicile-realm.json"));
        var applied = overlay.rendered().get("KeycloakRealmImport", "domicile").at("spec.realm");

        assertEquals(tested.all().getFirst().content(), applied);
    }

    /** The table of a provider's kind. */
    static final class Arrows {
        private Arrows() {}

        static Set<org.domicile.checks.network.Arrow> wanted(Overlay overlay) {
            var provider = overlay.managed() ? "Where they are AWS's" : "Where Kafka and PostgreSQL run in the cluster";
            return ArrowTable.of(Sources.here().read("docs/network.md"), Set.of("In every region", provider));
        }
    }
}
