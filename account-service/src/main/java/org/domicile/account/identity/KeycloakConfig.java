package org.domicile.account.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;

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

    /** The client's secret. */
    String clientSecret();
}
