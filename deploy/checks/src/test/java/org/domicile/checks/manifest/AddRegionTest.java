package org.domicile.checks.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.domicile.checks.Sources;
import org.domicile.checks.Tool;
import org.domicile.checks.network.Mirrors;
import org.domicile.checks.network.OpenArrows;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code docs/runbooks/add-a-region.md} tells to do, done in a copy: every rule holds in the new region and in all others. */
class AddRegionTest {
    private static final Pattern COMMAND =
            Pattern.compile("(?m)^ *deploy/kubernetes/add-region\\.sh NEW ([\\w-]+) (\\S+)$");
    private static final String NEW = "eu-central";

    @TempDir
    Path copy;

    @BeforeAll
    static void kubectl() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
    }

    @Test
    void the_page_takes_a_region_that_is_there() throws IOException, InterruptedException {
        var command = COMMAND.matcher(Sources.here().read("docs/runbooks/add-a-region.md"));
        assertTrue(command.find());

        assertEquals(0, add(command.group(1), command.group(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"in-west", "us-west"})
    void every_rule_holds_with_one_region_more(String like) throws IOException, InterruptedException {
        assertEquals(0, add(like, "192.0.2.240/28"));

        var regions = Overlay.of(copy.resolve("kubernetes/overlays"));
        assertEquals(Overlay.ALL.size() + 1, regions.size());
        var found = new ArrayList<String>();
        for (var region : regions) {
            Rules.ALL.forEach(rule -> found.addAll(rule.violations(region.rendered())));
            var others = regions.stream()
                    .filter(o -> !o.equals(region))
                    .map(Overlay::region)
                    .collect(Collectors.toSet());
            found.addAll(OpenArrows.differences(region.rendered(), OverlaysTest.Arrows.wanted(region), others));
            for (var other : regions) {
                if (!other.equals(region)) {
                    found.addAll(
                            Mirrors.differences(region.region(), region.rendered(), other.region(), other.rendered()));
                }
            }
        }
        assertEquals(List.of(), found);
        assertTopicsOfEveryOther(regions);
    }

    @Test
    void a_region_that_is_there_is_not_written_over() throws IOException, InterruptedException {
        assertEquals(0, add("in-west", "192.0.2.240/28"));
        assertEquals(1, add("sa-east", "192.0.2.240/28"));
    }

    private void assertTopicsOfEveryOther(List<Overlay> regions) {
        for (var managed : regions.stream().filter(Overlay::managed).toList()) {
            var topics = Manifests.parse(Overlay.render(copy.resolve("kubernetes/msk/" + managed.region())));
            for (var other : regions) {
                var name = other.region() + ".residency.directory";
                assertEquals(
                        !other.equals(managed),
                        topics.ofKind("KafkaTopic").anyMatch(t -> t.name().equals(name)),
                        managed + " " + name);
            }
        }
    }

    private int add(String like, String addresses) throws IOException, InterruptedException {
        if (!Files.exists(copy.resolve("kubernetes"))) {
            RestoreTest.copyAll(copy);
        }
        return new Tool("sh")
                .run(copy, "kubernetes/add-region.sh", NEW, like, addresses)
                .code();
    }
}
