package org.domicile.migration.move;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerResponseContext;
import org.domicile.platform.fence.EpochHeader;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Adds {@code Domicile-Epoch} to every answer to an owner about their account's move, so that their client can ignore an older
 * one. An operator's answers are about many accounts, whose epochs have no order among them: there only the body tells it.
 */
public class MoveEpochHeader {
    private final SecurityIdentity caller;

    @Inject
    public MoveEpochHeader(SecurityIdentity caller) {
        this.caller = caller;
    }

    @ServerResponseFilter
    public void add(ContainerResponseContext response) {
        if (response.getEntity() instanceof MoveView view
                && view.reached() > 0
                && caller.getPrincipal() != null
                && view.accountId().toString().equals(caller.getPrincipal().getName())) {
            response.getHeaders().putSingle(EpochHeader.NAME, view.reached());
        }
    }
}
