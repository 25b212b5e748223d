package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/** A database archives where nobody else does, and one that is made from a backup reads the backup of its own store, until a time that is said. */
public final class DatabasesAreRestored implements Rule {
    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests.ofKind("Cluster").forEach(m -> {
            var archive = m.at("spec.plugins").path(0).path("parameters");
            var written = archive.path("serverName").asText();
            if (manifests.ofKind("ObjectStore").noneMatch(s -> s.name()
                    .equals(archive.path("barmanObjectName").asText()))) {
                found.add(m.id() + ": is not archived in a store of the region.");
            }
            if (manifests
                    .ofKind("Cluster")
                    .filter(other -> !other.name().equals(m.name()))
                    .anyMatch(other -> other.at("spec.plugins")
                            .path(0)
                            .path("parameters")
                            .path("serverName")
                            .asText()
                            .equals(written))) {
                found.add(m.id() + ": another database writes the archive " + written + ".");
            }
            var recovery = m.at("spec.bootstrap.recovery");
            if (!recovery.isMissingNode()) {
                check(m, recovery, archive, found);
            }
        });
        return found;
    }

    private static void check(Manifest m, JsonNode recovery, JsonNode archive, List<String> found) {
        var source = source(m, recovery.path("source").asText()).path("plugin").path("parameters");
        if (m.at("spec.bootstrap").has("initdb")) {
            found.add(m.id() + ": is made empty and from a backup.");
        }
        if (!source.path("barmanObjectName").equals(archive.path("barmanObjectName"))) {
            found.add(m.id() + ": is not made from a backup of its own store.");
        }
        if (source.path("serverName").equals(archive.path("serverName"))) {
            found.add(m.id() + ": would write the archive that it is made from, which CloudNativePG refuses.");
        }
        if (recovery.path("recoveryTarget").path("targetTime").isMissingNode()) {
            found.add(m.id() + ": does not say to which time it is restored.");
        }
    }

    private static JsonNode source(Manifest m, String name) {
        for (var external : m.at("spec.externalClusters")) {
            if (external.path("name").asText().equals(name)) {
                return external;
            }
        }
        return MissingNode.getInstance();
    }
}
