package org.domicile.keycloak.signin;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;

/**
 * Tells account-service what happened to an account's sign-in: the kind and the account's id, no address, no browser. Sent beside the
 * sign-in, which does not wait for it and does not fail with it.
 */
final class SecurityEvents implements EventListenerProvider {
    private static final Logger LOG = Logger.getLogger(SecurityEvents.class);

    /** As account-service names them. */
    private static final Map<EventType, String> KINDS = Map.of(
            EventType.LOGIN, "SIGNED_IN",
            EventType.LOGIN_ERROR, "SIGN_IN_FAILED",
            EventType.LOGOUT, "SIGNED_OUT",
            EventType.UPDATE_CREDENTIAL, "CREDENTIAL_CHANGED",
            EventType.REMOVE_CREDENTIAL, "CREDENTIAL_REMOVED",
            EventType.USER_DISABLED_BY_TEMPORARY_LOCKOUT, "SIGN_IN_LOCKED");

    @Override
    public void onEvent(Event event) {
        Optional.ofNullable(KINDS.get(event.getType()))
                .filter(kind -> event.getUserId() != null)
                .ifPresent(kind -> tell(event.getUserId(), kind, Instant.ofEpochMilli(event.getTime())));
    }

    private static void tell(String user, String kind, Instant at) {
        AccountResolver.shared().tell(user, kind, at).whenComplete((status, failure) -> {
            if (failure != null) {
                LOG.warnf("security event not told account=%s kind=%s reason=%s", user, kind, failure.toString());
            }
        });
    }

    @Override
    public void onEvent(AdminEvent event, boolean includeRepresentation) {}

    @Override
    public void close() {}
}
