package org.domicile.migration.transparency;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** {@code domicile.transparency.*} */
@ConfigMapping(prefix = "domicile.transparency")
public interface TransparencyConfig {
    /** How often receipts are taken into the log and cosignatures asked for: a receipt is in the log after about this time. */
    @WithDefault("1s")
    Duration tick();

    /** Receipts that one checkpoint adds at most. */
    @WithDefault("1000")
    int batch();
}
