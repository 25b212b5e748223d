package org.domicile.platform.kms;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** The region's keys in a Vault's transit engine. One of {@code token-file} and {@code role} says how to sign in. */
@ConfigMapping(prefix = "domicile.kms.vault")
public interface VaultConfig {
    /** {@code https://} and the host. */
    Optional<URI> url();

    /** Where the transit engine is mounted. */
    @WithDefault("transit")
    String mount();

    /** Authorities of the Vault's certificate (PEM); without it those of the JDK. */
    Optional<Path> ca();

    /** A file with a token. */
    Optional<Path> tokenFile();

    /** The role to sign in with, by a service account's token. */
    Optional<String> role();

    /** Where the auth method {@code kubernetes} is mounted. */
    @WithDefault("kubernetes")
    String loginMount();

    /** The file with the service account's token. */
    @WithDefault("/var/run/secrets/tokens/vault")
    Path jwtFile();
}
