package org.domicile.account.consent;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** What owners are told before they consent. */
@ConfigMapping(prefix = "domicile.consent-texts")
public interface ConsentTextsConfig {
    /**
     * Texts by policy version and feature (JSON, as the packaged {@code texts.json}), for all versions that an owner may still agree
     * to; without it the packaged ones hold.
     */
    Optional<Path> file();
}
