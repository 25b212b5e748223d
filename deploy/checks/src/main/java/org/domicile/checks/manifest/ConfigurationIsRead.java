package org.domicile.checks.manifest;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.domicile.checks.Sources;

/**
 * Every {@code domicile.*} key that a region sets is one that a service reads (its {@code @ConfigMapping}s and
 * {@code @ConfigProperty}s) or that another value is made of, and every key that must be set is.
 */
public final class ConfigurationIsRead implements Rule {
    private static final Pattern PREFIX = Pattern.compile("@ConfigMapping\\(prefix = \"([\\w.-]+)\"\\)");
    private static final Pattern METHOD = Pattern.compile(
            "(@WithDefault\\([^)]*\\)\\s+)?(?:@WithName\\(\"([^\"]+)\"\\)\\s+)?([\\w<>, .]+)\\s+(\\w+)\\(\\);");
    private static final Pattern PROPERTY = Pattern.compile("@ConfigProperty\\(name = \"([\\w.-]+)\"");
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^}:]+)}");

    /** Runs beside the system that it is for, with what its owner sets. */
    private static final String NOT_OF_A_REGION = "outside-participant/";

    private final Set<String> read = new TreeSet<>();
    private final Set<String> required = new TreeSet<>();

    public ConfigurationIsRead(Sources sources) {
        sources.files(".", ".java").stream()
                .filter(f -> f.toString().contains("/src/main/"))
                .filter(f -> !sources.relative(f).startsWith(NOT_OF_A_REGION))
                .map(ConfigurationIsRead::text)
                .forEach(this::collect);
    }

    private void collect(String java) {
        var property = PROPERTY.matcher(java);
        while (property.find()) {
            read.add(property.group(1));
        }
        var prefix = PREFIX.matcher(java);
        if (!prefix.find()) {
            return;
        }
        var methods = METHOD.matcher(java);
        while (methods.find()) {
            var key = prefix.group(1) + "." + kebab(methods.group(4));
            read.add(key);
            var type = methods.group(3);
            if (methods.group(1) == null
                    && !type.contains("Optional")
                    && !type.contains("Map")
                    && type.matches(".*(Path|URI|String|int|long)\\s*")) {
                required.add(key);
            }
        }
    }

    /** Keys that a service must be given; by prefix of the service's own mappings. */
    public Set<String> required() {
        return Set.copyOf(required);
    }

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        var used = new TreeSet<String>();
        manifests
                .ofKind("ConfigMap")
                .flatMap(m -> m.content().path("data").properties().stream())
                .forEach(e -> {
                    var expression = EXPRESSION.matcher(e.getValue().asText());
                    while (expression.find()) {
                        used.add(expression.group(1));
                    }
                });
        manifests.ofKind("ConfigMap").forEach(m -> keys(m).stream()
                .filter(key -> key.startsWith("domicile."))
                .filter(key -> !read.contains(key) && !used.contains(key))
                .forEach(key -> found.add(m.id() + ": no service reads " + key + ".")));
        var set = new TreeSet<String>();
        manifests.ofKind("ConfigMap").forEach(m -> set.addAll(keys(m)));
        manifests.workloads().forEach(m -> m.containers().forEach(c -> c.path("env")
                .forEach(
                        e -> set.add(Configuration.environmentKey(e.path("name").asText())))));
        required.stream()
                .filter(key -> set.stream()
                        .noneMatch(s -> Configuration.environmentKey(s).equals(Configuration.environmentKey(key))))
                .filter(key -> !key.equals("domicile.service"))
                .forEach(key -> found.add("nothing sets " + key + ", which a service must be given."));
        return found;
    }

    private static Set<String> keys(Manifest map) {
        var keys = new TreeSet<String>();
        map.content().path("data").properties().stream()
                .filter(e -> e.getKey().endsWith(".properties"))
                .forEach(e -> keys.addAll(load(e.getValue().asText()).stringPropertyNames()));
        return keys;
    }

    private static Properties load(String text) {
        try {
            var properties = new Properties();
            properties.load(new StringReader(text));
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kebab(String method) {
        return method.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
