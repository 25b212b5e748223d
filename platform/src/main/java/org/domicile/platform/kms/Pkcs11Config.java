package org.domicile.platform.kms;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The region's keys on a token behind PKCS #11. */
@ConfigMapping(prefix = "domicile.kms.pkcs11")
public interface Pkcs11Config {
    /** The vendor's library (.so). */
    Optional<Path> library();

    /** The token's place in the library's list of slots, from 0. */
    @WithDefault("0")
    int slotListIndex();

    /** A file with the user's PIN. */
    Optional<Path> pinFile();
}
