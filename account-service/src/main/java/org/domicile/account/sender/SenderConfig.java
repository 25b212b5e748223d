package org.domicile.account.sender;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How one-time codes and notices reach people. */
@ConfigMapping(prefix = "domicile.sender")
public interface SenderConfig {
    /** Who brings them: a gateway, or nobody: then they are left in files, which only a service that nobody else reaches may do. */
    @WithDefault("webhook")
    Kind kind();

    /** What they are given to. */
    enum Kind {
        WEBHOOK,
        FILE
    }
}
