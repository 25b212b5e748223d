package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Every image has a digest or the tag of one release; never {@code latest}, never none. */
public final class ImagesArePinned implements Rule {
    private static final Pattern PINNED = Pattern.compile(".+(@sha256:[0-9a-f]{64}|:v?\\d+\\.\\d+[-.\\w]*)");

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.all().forEach(m -> look(m, m.content(), found));
        return found;
    }

    private static void look(Manifest manifest, JsonNode node, List<String> found) {
        node.properties().forEach(field -> {
            var value = field.getValue();
            var isImage = field.getKey().equals("image") || field.getKey().equals("imageName");
            if (isImage && value.isTextual() && !PINNED.matcher(value.asText()).matches()) {
                found.add(
                        manifest.id() + ": the image " + value.asText() + " has neither a digest nor a release's tag.");
            }
            look(manifest, value, found);
        });
        if (node.isArray()) {
            node.forEach(element -> look(manifest, element, found));
        }
    }
}
