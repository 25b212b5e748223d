package org.domicile.account.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** The region's Keycloak, and how this service signs in there. */
@ConfigMapping(prefix = "domicile.keycloak")
public interface KeycloakConfig {
    /** Base URL, without the realm. */
    URI url();

    /** The realm of the accounts. */
    @WithDefault("domicile")
    String realm();

    /** This service's client; it has the realm role {@code identity-transfer}. */
    @WithDefault("account-service")
    String clientId();

    /** How long an answer is waited for. */
    @WithDefault("10s")
    Duration timeout();

    /** The client's secret. */
    String clientSecret();
}
