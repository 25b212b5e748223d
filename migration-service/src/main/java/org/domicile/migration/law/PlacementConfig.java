package org.domicile.migration.law;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where the accounts of a market belong. */
@ConfigMapping(prefix = "domicile.placement")
public interface PlacementConfig {
    /** Market → {@code home} and {@code target} region (YAML or JSON); without it every move must name its target. */
    Optional<Path> file();
}
