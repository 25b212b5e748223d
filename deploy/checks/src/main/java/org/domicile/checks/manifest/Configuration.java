package org.domicile.checks.manifest;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a service is configured with where it runs: its environment, then the files that its pod is told to read, of which the first wins. */
final class Configuration {
    private static final String FILES = "QUARKUS_CONFIG_LOCATIONS";

    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, String> environment = new TreeMap<>();

    private Configuration() {}

    /** @return empty for a pod that mounts no configuration of ours */
    static Optional<Configuration> of(Manifests manifests, Manifest workload) {
        var found = new Configuration();
        for (var container : workload.containers()) {
            for (var variable : container.path("env")) {
                if (variable.has("value")) {
                    found.environment.put(
                            variable.path("name").asText(),
                            variable.path("value").asText());
                }
            }
        }
        for (var file : List.of(found.environment.getOrDefault(FILES, "").split(","))) {
            var name = file.substring(file.lastIndexOf('/') + 1);
            mounted(workload)
                    .flatMap(map ->
                            manifests.ofKind("ConfigMap").filter(m -> m.name().equals(map)))
                    .map(m -> m.content().path("data").path(name))
                    .filter(text -> !text.isMissingNode())
                    .forEach(text -> load(text.asText()).forEach(found.values::putIfAbsent));
        }
        return found.values.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    /** @return empty text if it is not set */
    String get(String key) {
        var inEnvironment = environment.get(environmentKey(key));
        return inEnvironment == null ? values.getOrDefault(key, "") : inEnvironment;
    }

    /** @return 0 if it is not set */
    int number(String key) {
        var value = get(key);
        return value.isEmpty() ? 0 : Integer.parseInt(value);
    }

    Stream<String> keys() {
        return values.keySet().stream();
    }

    /** As MicroProfile Config maps names of environment variables. */
    static String environmentKey(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static Stream<String> mounted(Manifest workload) {
        var names = Stream.<String>builder();
        workload.pod().path("spec").path("volumes").forEach(v -> v.path("projected")
                .path("sources")
                .forEach(s -> names.add(s.path("configMap").path("name").asText())));
        return names.build();
    }

    private static Map<String, String> load(String text) {
        try {
            var properties = new Properties();
            properties.load(new StringReader(text));
            var map = new TreeMap<String, String>();
            properties.stringPropertyNames().forEach(key -> map.put(key, properties.getProperty(key)));
            return map;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
