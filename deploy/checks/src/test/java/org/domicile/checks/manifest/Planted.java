package org.domicile.checks.manifest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;

/** A region into which a mistake is put. */
final class Planted {
    static final Overlay REGION = Overlay.ALL.getFirst();

    private Planted() {}

    static Manifests changed(Consumer<Manifests> change) {
        var copy = REGION.rendered().copy();
        change.accept(copy);
        return copy;
    }

    /** With another text in every file of configuration. */
    static Manifests configured(String text, String other) {
        return changed(m -> m.ofKind("ConfigMap").forEach(c -> {
            var data = c.content().withObject("/data");
            data.properties()
                    .forEach(file ->
                            data.put(file.getKey(), file.getValue().asText().replace(text, other)));
        }));
    }

    static Manifests without(String kind, String name) {
        return new Manifests(REGION.rendered().all().stream()
                .filter(m -> !(m.kind().equals(kind) && m.name().equals(name)))
                .toList());
    }

    static ObjectNode object(Manifests manifests, String kind, String name) {
        return manifests.get(kind, name).content();
    }

    static ObjectNode pod(Manifests manifests, String deployment) {
        return object(manifests, "Deployment", deployment).withObject("/spec/template/spec");
    }

    static ObjectNode container(Manifests manifests, String deployment) {
        return (ObjectNode) ((ArrayNode) pod(manifests, deployment).get("containers")).get(0);
    }

    static void assertSays(List<String> found, String start) {
        assertTrue(found.stream().anyMatch(s -> s.startsWith(start)), found.toString());
    }
}
