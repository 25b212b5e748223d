package org.domicile.account.security;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.UUID;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;

/**
 * {@code POST /internal/v1/security-events} on the peer listener: what this region's Keycloak has seen. Users that are no account
 * at home here (operators, accounts in a move) are not recorded.
 */
@ApplicationScoped
public class SecurityEventRoute {
    static final String PATH = "/internal/v1/security-events";

    private static final int MAX_BODY = 1024;

    private final PeerServer server;
    private final ServiceIdentity identity;
    private final Fence fence;
    private final SecurityEvents events;

    @Inject
    public SecurityEventRoute(PeerServer server, ServiceIdentity identity, Fence fence, SecurityEvents events) {
        this.server = server;
        this.identity = identity;
        this.fence = fence;
        this.events = events;
    }

    void mount(@Observes StartupEvent event) {
        server.router()
                .post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
                .handler(this::take);
    }

    private void take(RoutingContext context) {
        if (!PeerIdentity.of(context).equals(new PeerIdentity(identity.region(), "keycloak"))) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only this region's Keycloak may tell.");
        }
        var seen = seen(context);
        var account = new AccountId(seen.accountId());
        fence.row(account)
                .flatMap(row -> row.mode() == FenceMode.OWN
                        ? events.add(account, seen.kind(), seen.at())
                        : Uni.createFrom().voidItem())
                .subscribe()
                .with(done -> context.response().setStatusCode(204).end(), failure -> Problems.write(context, failure));
    }

    private static Seen seen(RoutingContext context) {
        try {
            var seen = Json.decodeValue(context.body().buffer(), Seen.class);
            if (seen != null && seen.accountId() != null && seen.kind() != null && seen.at() != null) {
                return seen;
            }
        } catch (RuntimeException e) {
            // answered below
        }
        throw new ProblemException(ErrorCode.MALFORMED_BODY, "Send {\"accountId\":\"…\",\"kind\":\"…\",\"at\":\"…\"}.");
    }

    /** @param accountId of a Keycloak user */
    @RegisterForReflection
    record Seen(UUID accountId, SecurityEvent.Kind kind, Instant at) {}
}
