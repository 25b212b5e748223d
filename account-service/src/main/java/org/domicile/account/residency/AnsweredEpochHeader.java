package org.domicile.account.residency;

import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerResponseContext;
import org.domicile.platform.fence.EpochHeader;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Adds {@code Domicile-Epoch} to every answer about an account, so that a client can ignore an older one. */
public class AnsweredEpochHeader {
    private final CurrentAccount current;

    @Inject
    public AnsweredEpochHeader(CurrentAccount current) {
        this.current = current;
    }

    @ServerResponseFilter
    public void add(ContainerResponseContext response) {
        current.epoch().ifPresent(epoch -> response.getHeaders().putSingle(EpochHeader.NAME, epoch));
    }
}
