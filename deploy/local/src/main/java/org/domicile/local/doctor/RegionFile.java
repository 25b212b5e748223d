package org.domicile.local.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.domicile.local.LocalFailure;

/**
 * What a service of the region is configured with: its files in order, the last wins, and above them the environment, by the names that
 * the services take. {@code ${key}}, {@code ${VARIABLE}} and {@code ${key:default}} are replaced.
 */
final class RegionFile {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}:]+)(?::([^}]*))?}");
    private static final int DEEPEST = 8;

    private final Map<String, String> values = new TreeMap<>();
    private final Map<String, String> environment;

    RegionFile(List<Path> files, Map<String, String> environment) {
        this.environment = environment;
        for (var file : files) {
            var properties = new Properties();
            try (var in = Files.newBufferedReader(file)) {
                properties.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new LocalFailure("The file " + file + " cannot be read: " + e.getMessage(), e);
            }
            properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        }
    }

    Optional<String> text(String key) {
        return raw(key).map(value -> expand(value, 0)).filter(value -> !value.isBlank());
    }

    /** All keys below a prefix, without it. */
    Map<String, String> below(String prefix) {
        var found = new HashMap<String, String>();
        values.keySet().stream().filter(key -> key.startsWith(prefix)).forEach(key -> text(key)
                .ifPresent(value -> found.put(key.substring(prefix.length()), value)));
        return found;
    }

    private Optional<String> raw(String key) {
        var variable = key.replaceAll("[^A-Za-z0-9]", "_");
        return Optional.ofNullable(environment.get(variable.toUpperCase(Locale.ROOT)))
                .or(() -> Optional.ofNullable(environment.get(key)))
                .or(() -> Optional.ofNullable(values.get(key)));
    }

    private String expand(String value, int depth) {
        if (depth > DEEPEST) {
            throw new LocalFailure("The value " + value + " refers to itself.");
        }
        var references = REFERENCE.matcher(value);
        var expanded = new StringBuilder();
        while (references.find()) {
            var other = raw(references.group(1))
                    .map(found -> expand(found, depth + 1))
                    .orElse(references.group(2) == null ? "" : references.group(2));
            references.appendReplacement(expanded, Matcher.quoteReplacement(other));
        }
        return references.appendTail(expanded).toString();
    }
}
