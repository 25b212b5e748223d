package org.domicile.checks.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.domicile.checks.Sources;
import org.domicile.checks.executable.NativeSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The list of what a service is made of, as {@code -Dsbom} makes it and images keep it. */
class SbomTest {
    private static final List<String> SERVICES = NativeSources.SERVICES;
    private static final Pattern QUARKUS = Pattern.compile("<quarkus.version>([^<]+)</quarkus.version>");

    private final Sources sources = Sources.here();

    @ParameterizedTest
    @FieldSource("SERVICES")
    @EnabledIfSystemProperty(named = "sbom", matches = ".*", disabledReason = "built without -Dsbom")
    void it_names_every_library_that_the_service_is_packaged_with(String service) throws IOException {
        var sbom = new ObjectMapper().readTree(sources.read(service + "/target/sbom.json"));

        assertEquals("CycloneDX", sbom.path("bomFormat").asText());
        assertEquals("domicile-" + service, sbom.at("/metadata/component/name").asText());
        assertTrue(named(sbom).contains("io.quarkus:quarkus-core:" + pinned()), "the pinned Quarkus");
        assertEquals(Set.of(), missing(packaged(service), named(sbom)));
        assertFalse(named(sbom).stream().anyMatch(n -> n.startsWith("org.junit")), "what only tests use");
    }

    @Test
    void a_library_that_is_not_named_is_found() {
        assertEquals(Set.of("a.b.c-1.jar"), missing(Set.of("a.b.c-1.jar", "d.e-2.jar"), Set.of("d:e:2")));
    }

    private String pinned() {
        var version = QUARKUS.matcher(sources.read("pom.xml"));
        assertTrue(version.find());
        return version.group(1);
    }

    private static Set<String> named(JsonNode sbom) {
        return StreamSupport.stream(sbom.path("components").spliterator(), false)
                .map(c -> c.path("group").asText() + ":" + c.path("name").asText() + ":"
                        + c.path("version").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** File names are {@code <group>.<artifact>-<version>[-<classifier>].jar}. */
    private Set<String> packaged(String service) throws IOException {
        try (var files = Files.walk(sources.path(service + "/target/quarkus-app/lib"))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> missing(Set<String> files, Set<String> named) {
        return files.stream()
                .filter(f -> named.stream()
                        .noneMatch(n -> f.startsWith(n.replaceFirst(":", ".").replace(":", "-"))))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
