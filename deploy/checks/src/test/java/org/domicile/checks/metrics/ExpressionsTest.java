package org.domicile.checks.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.domicile.checks.Sources;
import org.domicile.checks.Tool;
import org.domicile.checks.Tool.Answer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own tool parses what dashboards show and scalers ask; alerts are evaluated besides ({@link AlertsTest}). */
class ExpressionsTest {
    private static final Tool PROMTOOL = new Tool("promtool");
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Sources sources = Sources.here();

    @TempDir
    Path folder;

    @BeforeAll
    static void promtool() throws InterruptedException {
        assumeTrue(PROMTOOL.isInstalled("--version"), "promtool is not installed");
    }

    @Test
    void every_expression_of_a_dashboard_can_be_parsed() throws IOException, InterruptedException {
        var expressions = new ArrayList<String>();
        for (var file : sources.files("deploy/dashboards", ".json")) {
            YAML.readTree(file.toFile()).path("panels").forEach(p -> p.path("targets")
                    .forEach(t -> expressions.add(t.path("expr").asText())));
        }

        assertTrue(expressions.size() > 20, "the panels were found");
        var parsed = parsed(expressions);
        assertEquals(0, parsed.code(), parsed.text());
    }

    @Test
    void every_question_of_a_scaler_can_be_parsed() throws IOException, InterruptedException {
        var expressions = new ArrayList<String>();
        for (var file : sources.files("deploy/kubernetes", ".yaml")) {
            try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
                documents.forEachRemaining(d -> d.path("spec").path("triggers").forEach(t -> {
                    if (t.path("type").asText().equals("prometheus")) {
                        expressions.add(t.path("metadata").path("query").asText());
                    }
                }));
            }
        }

        assertTrue(expressions.size() >= 3, "the scalers were found");
        var parsed = parsed(expressions);
        assertEquals(0, parsed.code(), parsed.text());
    }

    @Test
    void what_cannot_be_parsed_is_found() throws IOException, InterruptedException {
        for (var wrong : List.of("sum by (job) (rate(up[5m])", "histogram_quantile(up)", "rate(up)")) {
            assertEquals(1, parsed(List.of("sum(up)", wrong)).code(), wrong);
        }
    }

    /** As recording rules, which is what the tool reads. */
    private Answer parsed(List<String> expressions) throws IOException, InterruptedException {
        var file = YAML.createObjectNode();
        var rules = file.putArray("groups").addObject().put("name", "parsed").putArray("rules");
        for (var expression : expressions) {
            rules.addObject().put("record", "parsed:expression:" + rules.size()).put("expr", expression);
        }
        YAML.writeValue(folder.resolve("rules.yaml").toFile(), file);
        return PROMTOOL.run(folder, "check", "rules", "rules.yaml");
    }
}
