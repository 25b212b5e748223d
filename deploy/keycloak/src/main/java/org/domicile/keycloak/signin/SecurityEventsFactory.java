package org.domicile.keycloak.signin;

import org.keycloak.Config;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Makes {@link SecurityEvents} for realms that list it among their event listeners. */
public class SecurityEventsFactory implements EventListenerProviderFactory {
    public static final String ID = "domicile-security-events";

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        return new SecurityEvents();
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
