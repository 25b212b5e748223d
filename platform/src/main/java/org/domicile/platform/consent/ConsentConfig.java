package org.domicile.platform.consent;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Consent. */
@ConfigMapping(prefix = "domicile.consent")
public interface ConsentConfig {
    /**
     * Version of the policy in force; versions sort as text ({@code 2026-01}). A consent to an older one stores nothing new until the
     * owner has agreed to this one. Without it, every version counts. The same in every service of a region.
     */
    Optional<String> policyVersion();

    /** Whether a consent to this version is one to the policy in force. */
    default boolean isInForce(String version) {
        return policyVersion()
                .map(required -> version != null && version.compareTo(required) >= 0)
                .orElse(true);
    }
}
