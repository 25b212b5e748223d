package org.domicile.migration.move;

import jakarta.ws.rs.container.ContainerResponseContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Adds {@code Domicile-Epoch} to every answer about an account's move, so that a client can ignore an older one. */
public class MoveEpochHeader {
    private static final String NAME = "Domicile-Epoch";

    @ServerResponseFilter
    public void add(ContainerResponseContext response) {
        if (response.getEntity() instanceof MoveView view && view.epoch() > 0) {
            response.getHeaders().putSingle(NAME, view.epoch());
        }
    }
}
