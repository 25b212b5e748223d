package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Instant;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceUse;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;

/**
 * {@code GET /device-use/v1/{account}}: when a device of the account was last let in by this service, as {@code {"at": time or null}};
 * for the region's own account-service.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
public class DeviceUseEndpoint {
    /** Path of the route. */
    public static final String PATH = "/device-use/v1";

    private final PeerServer server;
    private final DeviceUse use;
    private final ServiceIdentity identity;

    @Inject
    DeviceUseEndpoint(PeerServer server, DeviceUse use, ServiceIdentity identity) {
        this.server = server;
        this.use = use;
        this.identity = identity;
    }

    void mount(@Observes StartupEvent event) {
        server.router().get(PATH + "/:account").handler(this::answer);
    }

    private void answer(RoutingContext context) {
        if (!PeerIdentity.of(context).equals(new PeerIdentity(identity.region(), "account"))) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only this region's account-service may ask.");
        }
        use.last(AccountId.parse(context.pathParam("account")))
                .map(at -> new JsonObject().put("at", at.map(Instant::toString).orElse(null)))
                .subscribe()
                .with(
                        body -> context.response()
                                .putHeader("Content-Type", "application/json")
                                .end(body.toBuffer()),
                        failure -> Problems.write(context, failure));
    }
}
