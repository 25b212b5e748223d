package org.domicile.migration.law;

import java.util.Map;
import java.util.Optional;

/** Deployment data: the region where a market's accounts belong. */
public record Placement(Map<String, String> targets) {
    public Placement {
        targets = Map.copyOf(targets);
    }

    public Optional<String> target(String market) {
        return Optional.ofNullable(targets.get(market));
    }
}
