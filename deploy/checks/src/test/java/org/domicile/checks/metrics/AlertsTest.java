package org.domicile.checks.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.domicile.checks.Sources;
import org.domicile.checks.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prometheus' own tool evaluates every alert, on the series of {@code src/test/resources/alerts}. */
class AlertsTest {
    private static final Tool PROMTOOL = new Tool("promtool");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String CASES = "deploy/checks/src/test/resources/alerts";
    /** An alert with its labels is expected; one that is only looked for has none. */
    private static final Pattern FIRES =
            Pattern.compile("ALERTS\\{alertname=\"(\\w+)\", alertstate=\"firing\", [^}]*severity=");

    private final Sources sources = Sources.here();

    @ParameterizedTest
    @ValueSource(strings = {"backup", "moves", "rights", "services"})
    void alerts_fire_when_they_must_and_only_then(String group, @TempDir Path folder)
            throws IOException, InterruptedException {
        assumeTrue(PROMTOOL.isInstalled("--version"), "promtool is not installed");
        rules(group, folder);
        Files.writeString(folder.resolve("cases.yaml"), sources.read(CASES + "/" + group + ".test.yaml"));

        var checked = PROMTOOL.run(folder, "check", "rules", group + ".yaml");
        assertEquals(0, checked.code(), checked.text());
        var tested = PROMTOOL.run(folder, "test", "rules", "cases.yaml");
        assertEquals(0, tested.code(), tested.text());
    }

    @Test
    void an_alert_that_looks_for_something_else_is_found(@TempDir Path folder)
            throws IOException, InterruptedException {
        assumeTrue(PROMTOOL.isInstalled("--version"), "promtool is not installed");
        rules("backup", folder);
        var rules = folder.resolve("backup.yaml");
        Files.writeString(
                rules, Files.readString(rules).replace("domicile_backup_damaged > 0", "domicile_backup_damaged > 1"));
        Files.writeString(folder.resolve("cases.yaml"), sources.read(CASES + "/backup.test.yaml"));

        var tested = PROMTOOL.run(folder, "test", "rules", "cases.yaml");

        assertEquals(1, tested.code(), tested.text());
        assertTrue(tested.text().contains("BackupDamaged"), tested.text());
    }

    @Test
    void every_alert_is_seen_to_fire() throws IOException {
        for (var group : List.of("backup", "moves", "rights", "services")) {
            var alerts = YAML.readTree(sources.read("deploy/alerts/" + group + ".yaml"))
                    .findValuesAsText("alert");
            var fired = FIRES.matcher(sources.read(CASES + "/" + group + ".test.yaml"))
                    .results()
                    .map(m -> m.group(1))
                    .collect(Collectors.toSet());

            assertEquals(Set.copyOf(alerts), fired);
        }
    }

    /** The rules as Prometheus reads them: what the operator's resource holds. */
    private void rules(String group, Path folder) throws IOException {
        var resource = YAML.readTree(sources.read("deploy/alerts/" + group + ".yaml"));
        YAML.writeValue(folder.resolve(group + ".yaml").toFile(), resource.path("spec"));
    }
}
