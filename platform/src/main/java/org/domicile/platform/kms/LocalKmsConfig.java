package org.domicile.platform.kms;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** The region's keys in a local file. */
@ConfigMapping(prefix = "domicile.kms.local")
public interface LocalKmsConfig {
    /** The key set (JSON): wrapping keys and index keys, and which of them are the current ones. */
    Optional<Path> file();
}
