package org.domicile.checks.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Everything that is applied to one region. */
public record Manifests(List<Manifest> all) {
    private static final YAMLMapper YAML = new YAMLMapper();

    public static Manifests parse(String yaml) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            var all = new ArrayList<Manifest>();
            while (documents.hasNext()) {
                if (documents.next() instanceof ObjectNode object) {
                    all.add(new Manifest(object));
                }
            }
            return new Manifests(List.copyOf(all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Stream<Manifest> ofKind(String kind) {
        return all.stream().filter(m -> m.kind().equals(kind));
    }

    public Stream<Manifest> workloads() {
        return all.stream().filter(Manifest::makesPods);
    }

    /** @throws IllegalArgumentException if there is none */
    public Manifest get(String kind, String name) {
        return ofKind(kind)
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no " + kind + "/" + name));
    }

    /** The same with one more resource. */
    public Manifests with(String yaml) {
        var more = new ArrayList<>(all);
        more.addAll(parse(yaml).all());
        return new Manifests(more);
    }

    /** A copy that can be changed without changing this one. */
    public Manifests copy() {
        return new Manifests(
                all.stream().map(m -> new Manifest(m.content().deepCopy())).toList());
    }

    static String yaml(JsonNode node) {
        try {
            return YAML.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
