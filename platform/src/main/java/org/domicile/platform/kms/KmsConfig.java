package org.domicile.platform.kms;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The region's keys: which store has them, and what they are called there. See docs/keys.md. */
@ConfigMapping(prefix = "domicile.kms")
public interface KmsConfig {
    /** Whether this service uses the region's keys: set by the service, not by the operator. */
    @WithDefault("false")
    boolean enabled();

    /** Where they are: a local file, a token behind PKCS #11, AWS KMS, or the transit engine of a Vault. */
    @WithDefault("local")
    Store store();

    /** The current wrapping key: label (PKCS #11), id or ARN (AWS), name (Vault). A local file says it itself. */
    Optional<String> wrappingKey();

    /** The index keys in use, the current one first; likewise. */
    Optional<List<String>> indexKeys();

    /** How long an answer of the store may take. */
    @WithDefault("2s")
    Duration timeout();

    /** How long a data key that such a store has unwrapped stays in memory: an outage of the store shows after this, too. */
    @WithDefault("1m")
    Duration dataKeysKept();

    /** The kinds of key stores. */
    enum Store {
        LOCAL,
        PKCS11,
        AWS,
        VAULT
    }
}
