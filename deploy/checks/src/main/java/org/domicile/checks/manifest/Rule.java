package org.domicile.checks.manifest;

import java.util.List;

/** Something that the manifests of a region must keep to. */
@FunctionalInterface
public interface Rule {
    /** One sentence for each place that does not; empty if all do. */
    List<String> violations(Manifests manifests);
}
