package org.domicile.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.domicile.checks.Sources;
import org.domicile.checks.manifest.Overlay;
import org.junit.jupiter.api.Test;

class RunbooksTest {
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(#[^)]*)?\\)");
    private static final Pattern FIRST = Pattern.compile("kubectl apply -f region.yaml -l '([^']+)'");
    private final Sources sources = Sources.here();

    @Test
    void every_command_names_what_exists() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
        for (var overlay : Overlay.ALL) {
            var runbooks = new Runbooks(sources, overlay);

            var found = sources.files("docs/runbooks", ".md").stream()
                    .flatMap(f -> runbooks.violations(sources.relative(f), sources.read(sources.relative(f))).stream())
                    .toList();

            assertEquals(List.of(), found, overlay.region());
        }
    }

    @Test
    void a_command_that_does_not_exist_is_found() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
        var runbooks = new Runbooks(sources, Overlay.ALL.getFirst());

        var found = runbooks.violations("planted.md", """
                ```sh
                ./domicile explode
                ./domicile wave stop ID
                kubectl apply -k deploy/kubernetes/overlays/atlantis
                kubectl -n domicile rollout restart deployment/acount
                kubectl -n domicile get pods -l domicile.dev/tier=nothing
                kubectl diff -k deploy/kubernetes/overlays/us-west
                kubectl diff -k deploy/kubernetes/overlays/$REGION/nothing
                ```
                """);

        assertEquals(
                List.of(
                        "planted.md: there is no ./domicile explode.",
                        "planted.md: there is no ./domicile wave stop.",
                        "planted.md: there is no deploy/kubernetes/overlays/atlantis.",
                        "planted.md: a region has no deployment called acount.",
                        "planted.md: nothing has the label domicile.dev/tier=nothing.",
                        "planted.md: us-west is one region of many: say $REGION.",
                        "planted.md: there is no deploy/kubernetes/overlays/cn-north/nothing."),
                found);
    }

    @Test
    void what_pages_look_for_in_logs_can_be_there() {
        var lookups = new Lookups(sources);

        var found = sources.files("docs", ".md").stream()
                .flatMap(f -> lookups.violations(sources.relative(f), sources.read(sources.relative(f))).stream())
                .toList();

        assertEquals(List.of(), found);
    }

    @Test
    void words_that_no_service_says_are_found() {
        var found = new Lookups(sources).violations("planted.md", """
                kubectl -n domicile logs deployment/backup | grep -E "purge incomplete|all is well"
                kubectl -n domicile logs deployment/account --since=1h | grep "purge incomplete"
                kubectl -n domicile logs deployment/account | grep "archive not made yet account"
                """);

        assertEquals(
                List.of(
                        "planted.md: backup never logs \"all is well\".",
                        "planted.md: account never logs \"purge incomplete\".",
                        "planted.md: account never logs \"archive not made yet account\"."),
                found);
    }

    @Test
    void what_is_applied_before_the_services_is_all_that_the_schema_needs() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
        var first = FIRST.matcher(sources.read("docs/runbooks/upgrade.md"));
        assertTrue(first.find());
        for (var overlay : Overlay.ALL) {
            assertEquals(List.of(), AppliedFirst.violations(overlay.rendered(), first.group(1)), overlay.region());
        }
    }

    @Test
    void a_selector_that_leaves_out_what_jobs_need_is_found() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
        var region = Overlay.ALL.getFirst().rendered();

        var tooLittle = AppliedFirst.violations(region, "domicile.dev/tier in (schema)");
        var tooMuch = AppliedFirst.violations(region, "domicile.dev/tier notin (service)");

        assertTrue(
                tooLittle.stream()
                        .anyMatch(s -> s.startsWith("Job/schema-account: there is no ConfigMap config-common")),
                tooLittle.toString());
        assertEquals(List.of("ScaledJob/migration-jobs: is applied before its schema is there."), tooMuch);
    }

    @Test
    void every_link_between_pages_leads_somewhere() {
        var broken = new ArrayList<String>();
        for (var page : sources.files("docs", ".md")) {
            var link = LINK.matcher(sources.read(sources.relative(page)));
            while (link.find()) {
                if (!link.group(1).isEmpty() && !Files.exists(page.getParent().resolve(link.group(1)))) {
                    broken.add(sources.relative(page) + " → " + link.group(1));
                }
            }
        }

        assertEquals(List.of(), broken);
    }

    @Test
    void the_runbooks_that_an_operator_needs_are_there() {
        for (var name : List.of(
                "start-a-region",
                "add-a-region",
                "rotate-keys-and-certificates",
                "restore-from-backup",
                "lose-a-zone",
                "lose-a-region",
                "upgrade",
                "scale-out")) {
            assertTrue(Files.exists(sources.path("docs/runbooks/" + name + ".md")), name);
        }
    }
}
