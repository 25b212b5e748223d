package org.domicile.platform.region;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;

/** The signed list of all regions: the only addresses that a region ever calls. */
@ConfigMapping(prefix = "domicile.regions")
public interface RegionsConfig {
    /** The list: a compact JWS (EdDSA). */
    Path file();

    /** The public key of the list's signer: PEM, X.509 SubjectPublicKeyInfo, Ed25519. */
    Path key();
}
