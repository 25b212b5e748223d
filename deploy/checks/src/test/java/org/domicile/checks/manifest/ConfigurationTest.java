package org.domicile.checks.manifest;

import static org.domicile.checks.manifest.Planted.changed;
import static org.domicile.checks.manifest.Planted.container;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Of the files of a pod's configuration the one for its region wins over its provider's, and that over the one for all. */
class ConfigurationTest {
    private static final String TIMEOUT = "quarkus.shutdown.timeout";

    @BeforeAll
    static void kubectl() {
        assumeTrue(Overlay.canRender(), "kubectl with kustomize 5 or newer is not installed");
    }

    @Test
    void what_is_said_for_fewer_wins() {
        var said = changed(m -> {
            say(m, "common.properties", "1s");
            say(m, "provider.properties", "2s");
            say(m, "service.properties", "3s");
        });
        assertEquals("3s", timeout(said));

        say(said, "region.properties", "4s");
        assertEquals("4s", timeout(said));

        container(said, "account")
                .withArray("/env")
                .addObject()
                .put("name", "QUARKUS_SHUTDOWN_TIMEOUT")
                .put("value", "5s");
        assertEquals("5s", timeout(said));
    }

    @Test
    void files_in_the_other_order_are_read_so() {
        var said = changed(m -> {
            say(m, "common.properties", "1s");
            say(m, "region.properties", "4s");
            container(m, "account").withArray("/env").forEach(e -> {
                if (e.path("name").asText().equals("QUARKUS_CONFIG_LOCATIONS")) {
                    var files = List.of(e.path("value").asText().split(","));
                    ((ObjectNode) e).put("value", String.join(",", files.reversed()));
                }
            });
        });

        assertEquals("1s", timeout(said));
    }

    private static String timeout(Manifests manifests) {
        return Configuration.of(manifests, manifests.get("Deployment", "account"))
                .orElseThrow()
                .get(TIMEOUT);
    }

    private static void say(Manifests manifests, String file, String value) {
        manifests
                .ofKind("ConfigMap")
                .filter(m -> m.content().path("data").has(file))
                .forEach(m -> m.content()
                        .withObject("/data")
                        .put(
                                file,
                                m.content().path("data").path(file).asText().replaceAll(TIMEOUT + "=.*", "") + "\n"
                                        + TIMEOUT + "=" + value + "\n"));
    }
}
