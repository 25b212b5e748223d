package org.domicile.account.key;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** The region's keys. */
@ConfigMapping(prefix = "domicile.kms.local")
public interface KmsConfig {
    /** The key set (JSON): wrapping keys, which is the current one, and the index key. */
    Path file();
}
