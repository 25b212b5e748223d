package org.domicile.checks.docs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.domicile.checks.manifest.Manifest;
import org.domicile.checks.manifest.Manifests;
import org.domicile.checks.manifest.ReferencesExist;

/** What a release applies before its services: all that its schema jobs name, and nothing that runs on. */
public final class AppliedFirst {
    private static final Pattern SET = Pattern.compile("(\\S+) (in|notin) \\(([^)]*)\\)");
    private static final Set<String> RUN_ON = Set.of("Deployment", "ScaledJob");

    private AppliedFirst() {}

    /** @param selector of labels, {@code key in (a, b)} or {@code key notin (a, b)} */
    public static List<String> violations(Manifests region, String selector) {
        var first = new Manifests(
                region.all().stream().filter(m -> selects(selector, m)).toList());
        var found = new ArrayList<String>();
        region.ofKind("Job")
                .filter(job -> !first.all().contains(job))
                .forEach(job -> found.add(job.id() + ": is not applied."));
        first.all().stream()
                .filter(m -> RUN_ON.contains(m.kind()))
                .forEach(m -> found.add(m.id() + ": is applied before its schema is there."));
        new ReferencesExist()
                .violations(first).stream().filter(v -> v.startsWith("Job/")).forEach(found::add);
        return found;
    }

    private static boolean selects(String selector, Manifest m) {
        var set = SET.matcher(selector);
        if (!set.matches()) {
            throw new IllegalArgumentException("not a selector that is understood here: " + selector);
        }
        var values = Arrays.stream(set.group(3).split(",")).map(String::strip).collect(Collectors.toSet());
        var label = m.at("metadata").path("labels").path(set.group(1));
        return set.group(2).equals("in") == values.contains(label.asText());
    }
}
