package org.domicile.account.sender;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** An HTTPS address that sends an SMS or a mail for each request. */
@ConfigMapping(prefix = "domicile.sender.webhook")
public interface WebhookConfig {
    /** {@code https://…} */
    Optional<URI> url();

    /** A file with the secret that requests are signed with: 32 bytes at least. */
    Optional<Path> secretFile();

    /** Authorities in PEM that its certificate comes from; without it, those of the JDK. */
    Optional<Path> ca();

    /** How long an answer may take. */
    @WithDefault("5s")
    Duration timeout();
}
