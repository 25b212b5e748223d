package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Base says "region" where the overlay puts the region's id; nothing of it is left. */
public final class NamesOfTheRegion implements Rule {
    private static final Pattern LEFT = Pattern.compile(
            "(.*[./])?region\\.(domicile\\.example|account|backup|messaging|migration|mirror|keda|kafka|keycloak).*|aws-region");

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.all().stream().filter(m -> !m.kind().equals("ConfigMap")).forEach(m -> {
            look(m, m.spec(), found);
            look(m, m.at("metadata.name"), found);
        });
        return found;
    }

    private static void look(Manifest m, JsonNode node, List<String> found) {
        if (node.isTextual() && LEFT.matcher(node.asText()).matches()) {
            found.add(m.id() + ": \"" + node.asText() + "\" does not name the region.");
        }
        node.forEach(child -> look(m, child, found));
    }
}
