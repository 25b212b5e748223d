package org.domicile.checks.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.domicile.checks.Sources;
import org.junit.jupiter.api.Test;

/** Dashboards, alerts, objectives and scalers look at metrics that services have: {@code deploy/alerts/metrics.txt}, taken from running ones. */
class WatchedMetricsTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern METRIC =
            Pattern.compile("`((?:domicile|http|process|jvm|postgresql|sql|worker|kafka)_[a-z_]+)");
    private static final String FAILED =
            "outcome=\"SERVER_ERROR\"}\\[(\\w+)]\\)\\) / [^\\[]*\\[(\\w+)]\\)\\) > ([\\d.]+) \\* 0\\.001";
    private static final Pattern BURN =
            Pattern.compile(FAILED + "\\s+and [^\\[]*\\[(\\w+)]\\)\\) / [^\\[]*\\[\\4]\\)\\) > ([\\d.]+) \\* 0\\.001");
    private static final String SLOWER =
            "1 - sum by \\(job\\) \\(rate\\(\\w+_bucket\\{kind=\"client\", le=\"%s\"}\\[%s]\\)\\) / sum by \\(job\\)"
                    + " \\(rate\\(\\w+_count\\{kind=\"client\"}\\[%s]\\)\\) > %s \\* %s";
    /** The long window and the short one: of the same bound, threshold and budget. */
    private static final Pattern SLOW =
            Pattern.compile(SLOWER.formatted("([\\d.]+)", "(\\w+)", "(\\2)", "([\\d.]+)", "([\\d.]+)") + "\\s+and "
                    + SLOWER.formatted("(\\1)", "(\\w+)", "\\7", "\\4", "\\5"));

    private final Sources sources = Sources.here();

    @Test
    void every_metric_of_an_alert_a_dashboard_and_a_scaler_exists() throws JsonProcessingException {
        var known = known();
        var missing = new ArrayList<String>();
        for (var folder : List.of("deploy/alerts", "deploy/dashboards", "deploy/kubernetes/base/services")) {
            for (var ending : List.of(".yaml", ".json")) {
                for (var file : sources.files(folder, ending)) {
                    expressions(sources.relative(file)).forEach(e -> Expressions.metrics(e).stream()
                            .filter(name -> !known.contains(name))
                            .forEach(name -> missing.add(sources.relative(file) + ": " + name)));
                }
            }
        }

        assertEquals(List.of(), missing);
    }

    @Test
    void every_metric_of_the_objectives_exists() {
        var known = known();
        var missing = METRIC.matcher(sources.read("docs/slo.md"))
                .results()
                .map(m -> m.group(1))
                .filter(name -> !known.contains(name))
                .toList();

        assertEquals(List.of(), missing);
    }

    @Test
    void every_promise_is_watched() throws JsonProcessingException {
        var watched = new TreeSet<String>();
        for (var file : sources.files("deploy/alerts", ".yaml")) {
            expressions(sources.relative(file)).forEach(e -> watched.addAll(Expressions.metrics(e)));
        }

        assertTrue(
                watched.containsAll(Set.of(
                        "domicile_consent_lag_seconds_bucket",
                        "domicile_retention_overdue_seconds",
                        "domicile_erasure_deadline_seconds",
                        "domicile_export_deadline_seconds",
                        "domicile_moves_entered_total",
                        "domicile_move_write_pause_seconds_bucket")),
                watched.toString());
    }

    @Test
    void the_budget_of_answers_is_watched_by_how_fast_it_burns() throws JsonProcessingException {
        var burns = new ArrayList<String>();
        for (var rule : rules("deploy/alerts/services.yaml")) {
            BURN.matcher(rule.path("expr").asText())
                    .results()
                    .map(m -> rule.path("alert").asText() + " " + share(m) + " in " + m.group(2) + ", " + m.group(4))
                    .forEach(burns::add);
        }

        assertTrue(sources.read("docs/slo.md").contains("| answers | 99.9 % of requests are not 5xx |"));
        assertEquals(
                List.of(
                        "ErrorBudgetBurnsFast 2 % in 1h, 5m",
                        "ErrorBudgetBurnsFast 5 % in 6h, 30m", "ErrorBudgetBurns 10 % in 3d, 6h"),
                burns);
    }

    @Test
    void the_budgets_of_fast_answers_are_watched_by_how_fast_they_burn() throws JsonProcessingException {
        var burns = new ArrayList<String>();
        for (var rule : rules("deploy/alerts/services.yaml")) {
            SLOW.matcher(rule.path("expr").asText())
                    .results()
                    .map(m -> rule.path("alert").asText() + " " + m.group(1) + " s " + m.group(5) + " "
                            + share(m.group(4), m.group(2)) + " in " + m.group(2) + ", " + m.group(7))
                    .forEach(burns::add);
        }

        assertTrue(sources.read("docs/slo.md")
                .contains("| fast | 99 % of clients' requests within 1 s, 95 % within 300 ms |"));
        assertEquals(
                List.of(
                        "LatencyBudgetBurnsFast 1.0 s 0.01 2 % in 1h, 5m",
                        "LatencyBudgetBurnsFast 1.0 s 0.01 5 % in 6h, 30m",
                        "LatencyBudgetBurnsFast 0.3 s 0.05 2 % in 1h, 5m",
                        "LatencyBudgetBurnsFast 0.3 s 0.05 5 % in 6h, 30m",
                        "LatencyBudgetBurns 1.0 s 0.01 10 % in 3d, 6h",
                        "LatencyBudgetBurns 0.3 s 0.05 10 % in 3d, 6h"),
                burns);
    }

    /** How much of the budget of 30 days is gone after the long window, if both windows are above the same threshold. */
    private static String share(MatchResult burn) {
        assertEquals(burn.group(3), burn.group(5), "the threshold of both windows");
        assertEquals(burn.group(1), burn.group(2), "the long window above and below the line");
        return share(burn.group(3), burn.group(2));
    }

    private static String share(String factor, String window) {
        var length = Duration.parse(window.endsWith("d") ? "P" + window : "PT" + window);
        return Math.round(Double.parseDouble(factor)
                        * length.toMinutes()
                        * 100
                        / Duration.ofDays(30).toMinutes())
                + " %";
    }

    @Test
    void every_alert_says_how_bad_it_is_and_has_a_page() throws JsonProcessingException {
        var page = sources.read("docs/runbooks/alerts.md");
        var wrong = new ArrayList<String>();
        for (var file : sources.files("deploy/alerts", ".yaml")) {
            for (var rule : rules(sources.relative(file))) {
                var name = rule.path("alert").asText();
                var anchor = "docs/runbooks/alerts.md#" + name.toLowerCase(Locale.ROOT);
                if (!page.contains("\n## " + name + "\n")
                        || !rule.path("annotations").path("runbook").asText().equals(anchor)
                        || !Set.of("page", "ticket")
                                .contains(rule.path("labels").path("severity").asText())) {
                    wrong.add(name);
                }
            }
        }

        assertEquals(List.of(), wrong);
    }

    @Test
    void a_metric_is_told_from_functions_and_labels() {
        assertEquals(
                Set.of("http_server_requests_seconds_bucket", "up"),
                Expressions.metrics("histogram_quantile(0.9, sum by (le, job_name)"
                        + " (rate(http_server_requests_seconds_bucket{some_label=\"x\"}[5m]))) and up == 0"));
    }

    private Set<String> known() {
        return sources.read("deploy/alerts/metrics.txt")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\\s+")[0])
                .collect(Collectors.toSet());
    }

    private List<String> expressions(String file) throws JsonProcessingException {
        var found = new ArrayList<String>();
        for (var document : sources.read(file).split("(?m)^---$")) {
            collect(YAML.readTree(document), found);
        }
        return found;
    }

    private static void collect(JsonNode node, List<String> found) {
        for (var field : List.of("expr", "query")) {
            if (node.path(field).isTextual() && !node.path(field).asText().startsWith("label_values")) {
                found.add(node.path(field).asText());
            }
        }
        node.forEach(child -> collect(child, found));
    }

    private List<JsonNode> rules(String file) throws JsonProcessingException {
        var rules = new ArrayList<JsonNode>();
        YAML.readTree(sources.read(file)).path("spec").path("groups").forEach(g -> g.path("rules")
                .forEach(rules::add));
        return rules;
    }
}
