package org.domicile.account.session;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** The session that the request's token is of. */
@RequestScoped
public class CurrentSession {
    private final SecurityIdentity identity;

    @Inject
    public CurrentSession(SecurityIdentity identity) {
        this.identity = identity;
    }

    /** As the list of sessions has it; null if the token is of none. */
    public String id() {
        return identity.getPrincipal() instanceof JsonWebToken token ? token.getClaim("sid") : null;
    }
}
