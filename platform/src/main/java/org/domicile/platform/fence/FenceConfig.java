package org.domicile.platform.fence;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How writes behave while an account is being moved. */
@ConfigMapping(prefix = "domicile.fence")
public interface FenceConfig {
    /** How long a write waits, outside any transaction, for a frozen account before it is told to come back later. */
    @WithDefault("5s")
    Duration deadline();

    /** How often a waiting write looks again. */
    @WithDefault("10ms")
    Duration look();
}
