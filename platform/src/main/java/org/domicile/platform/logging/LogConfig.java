package org.domicile.platform.logging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The log. */
@ConfigMapping(prefix = "domicile.log")
public interface LogConfig {
    /** One JSON object a line, for machines; otherwise lines for people. */
    @WithDefault("false")
    boolean json();
}
