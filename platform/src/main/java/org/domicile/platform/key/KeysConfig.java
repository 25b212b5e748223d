package org.domicile.platform.key;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The store of wrapped data keys: a database of its own, the datasource {@code keys}. */
@ConfigMapping(prefix = "domicile.keys")
public interface KeysConfig {
    /** Whether this service has one: set by the service, not by the operator. */
    @WithDefault("false")
    boolean enabled();

    /**
     * How long backups of the key store are kept, its WAL archive included: until then a deleted key could be brought back, and receipts
     * say so. Shorter than the shortest erasure deadline of the region's markets.
     */
    @WithDefault("7d")
    Duration backupsKept();

    /** A key that no row has needed for so long is deleted. Long enough to try again with another backup of the main database. */
    @WithDefault("7d")
    Duration orphanAfter();

    /** How often keys are wrapped again after a rotation, and orphans looked for. */
    @WithDefault("1h")
    Duration every();
}
