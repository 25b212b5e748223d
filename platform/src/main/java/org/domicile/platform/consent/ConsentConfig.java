package org.domicile.platform.consent;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.regex.Pattern;

/** Consent. */
@ConfigMapping(prefix = "domicile.consent")
public interface ConsentConfig {
    /** How a version is written: the month of the policy, ISO 8601, so that later ones sort after earlier ones. */
    Pattern VERSION = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");

    /**
     * Versions of the policy that owners were ever shown, oldest first, as {@code yyyy-MM}; the last one is in force. A consent to an
     * older one stores nothing new until the owner has agreed to the last. The same in every service of a region.
     */
    @WithDefault("2026-01")
    List<String> policyVersions();

    /** The version in force. */
    default String currentPolicy() {
        return policyVersions().getLast();
    }

    default boolean isKnown(String version) {
        return policyVersions().contains(version);
    }

    /**
     * Whether a consent to this version is one to the policy in force; so is one to a later policy, which a service that is told of it
     * before this one, or the region that an account came from, has asked for.
     */
    default boolean isInForce(String version) {
        return version != null && VERSION.matcher(version).matches() && version.compareTo(currentPolicy()) >= 0;
    }
}
