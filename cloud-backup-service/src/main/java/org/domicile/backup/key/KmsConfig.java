package org.domicile.backup.key;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** The region's keys. */
@ConfigMapping(prefix = "domicile.kms.local")
public interface KmsConfig {
    /** The key set (JSON) whose keys wrap the data keys of accounts. */
    Path file();
}
