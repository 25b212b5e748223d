package org.domicile.platform.erasure;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The erasure list. */
@ConfigMapping(prefix = "domicile.erasure-list")
public interface ErasureConfig {
    /** How long an erased account is remembered, by hash: at least as long as a backup may be restored. */
    @WithDefault("400d")
    Duration remembered();
}
