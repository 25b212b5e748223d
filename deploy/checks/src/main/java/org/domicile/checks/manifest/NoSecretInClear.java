package org.domicile.checks.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** No value of a secret is in the manifests: secrets are referred to, and come from the region's store. */
public final class NoSecretInClear implements Rule {
    private static final Pattern NAME =
            Pattern.compile("(?i).*(password|passwd|secret|token|credentials?|access[-_]key([-_]id)?|private[-_]key)");
    private static final Pattern FILE_OR_REFERENCE =
            Pattern.compile("\\$\\{[^}:]+}|/etc/domicile/.*|(static|default)|");
    private static final Pattern LINE = Pattern.compile("([\\w.\\-]+)\\s*[=:]\\s*(.*)");
    private static final Pattern CREDENTIAL =
            Pattern.compile("(?s).*(BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|://[^/\\s:]+:[^/\\s@]+@).*");

    @Override
    public List<String> violations(Manifests manifests) {
        var found = new ArrayList<String>();
        manifests
                .ofKind("Secret")
                .forEach(m -> found.add(m.id() + ": a secret does not belong here, only an ExternalSecret."));
        manifests.workloads().forEach(m -> m.containers()
                .forEach(c -> c.path("env").forEach(e -> checkEnvironment(m, e, found))));
        manifests
                .ofKind("ConfigMap")
                .forEach(m -> m.content().path("data").properties().forEach(e -> e.getValue()
                        .asText()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .forEach(line -> checkLine(m, line, found))));
        manifests.all().forEach(m -> checkText(m, m.content(), found));
        return found;
    }

    private static void checkEnvironment(Manifest m, JsonNode variable, List<String> found) {
        var value = variable.path("value").asText();
        if (NAME.matcher(variable.path("name").asText()).matches()
                && !FILE_OR_REFERENCE.matcher(value).matches()) {
            found.add(m.id() + ": " + variable.path("name").asText() + " is written in clear.");
        }
    }

    private static void checkLine(Manifest m, String line, List<String> found) {
        var pair = LINE.matcher(line.strip());
        if (pair.matches()
                && NAME.matcher(pair.group(1)).matches()
                && !pair.group(1).endsWith(".type")
                && !FILE_OR_REFERENCE.matcher(pair.group(2)).matches()) {
            found.add(m.id() + ": " + pair.group(1) + " is written in clear.");
        }
    }

    private static void checkText(Manifest m, JsonNode node, List<String> found) {
        if (node.isTextual() && CREDENTIAL.matcher(node.asText()).matches()) {
            found.add(m.id() + ": holds a key or a login.");
        }
        node.forEach(child -> checkText(m, child, found));
    }
}
