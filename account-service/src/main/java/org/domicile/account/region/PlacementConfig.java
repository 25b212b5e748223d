package org.domicile.account.region;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** Deployment data: which region serves a market. */
@ConfigMapping(prefix = "domicile.placement")
public interface PlacementConfig {
    /** Market → {@code home} (where new accounts are made) and {@code target} (where they belong); YAML or JSON. */
    Path file();
}
