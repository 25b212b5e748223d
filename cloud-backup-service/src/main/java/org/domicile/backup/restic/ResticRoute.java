package org.domicile.backup.restic;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import org.domicile.backup.relay.Relay;
import org.domicile.platform.device.Devices;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.EpochHeader;
import org.domicile.platform.fence.Homes;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.residency.Residency;
import org.domicile.platform.residency.WrongRegion;

/**
 * {@code /restic/…}, for clients and, on the peer listener, for other regions. A client's request is relayed to the account's
 * home, as the device id and the residency directory say; what was relayed once is not relayed again.
 */
@ApplicationScoped
public class ResticRoute {
    private static final String PATH = ResticRequest.PREFIX + "*";
    /** Before Quarkus' own routes: a body handler would read whole bodies into memory. */
    private static final int FIRST = -1_000_000;

    private final Devices devices;
    private final Homes homes;
    private final ResticHandler handler;
    private final Relay relay;
    private final PeerServer peers;

    @Inject
    public ResticRoute(Devices devices, Homes homes, ResticHandler handler, Relay relay, PeerServer peers) {
        this.devices = devices;
        this.homes = homes;
        this.handler = handler;
        this.relay = relay;
        this.peers = peers;
    }

    void mount(@Observes Router router) {
        router.route(PATH).order(FIRST).handler(this::onClient);
        peers.router().route(PATH).handler(this::onPeer);
    }

    private void onClient(RoutingContext context) {
        handle(context, false);
    }

    private void onPeer(RoutingContext context) {
        handle(context, true);
    }

    private void handle(RoutingContext context, boolean relayed) {
        context.request().pause();
        try {
            if (relayed && !PeerIdentity.of(context).service().equals("backup")) {
                throw new ProblemException(ErrorCode.FORBIDDEN, "Only another region's backup service may relay.");
            }
            var request = ResticRequest.parse(
                    context.request().method(),
                    context.request().path(),
                    "true".equals(context.request().getParam("create")));
            var credential = DeviceCredential.parse(context.request().getHeader("Authorization"));
            route(context, request, credential, relayed)
                    .subscribe()
                    .with(done -> {}, failure -> Answers.fail(context, failure));
        } catch (ProblemException e) {
            Answers.fail(context, e);
        }
    }

    private Uni<Void> route(
            RoutingContext context, ResticRequest request, DeviceCredential credential, boolean relayed) {
        var account = credential.id().accountId();
        var body = new IncomingBody(context);
        var known = relayed ? EpochHeader.known(context.request().getHeader(EpochHeader.NAME)) : 0;
        return homes.here(account, known)
                .invoke(row -> context.response().putHeader(EpochHeader.NAME, Long.toString(row.epoch())))
                .chain(() -> devices.authenticate(credential.id(), credential.secret()))
                .flatMap(device -> handler.handle(context, request, device, body))
                .onFailure(failure -> failure instanceof WrongRegion && !body.isTaken())
                .recoverWithUni(failure -> relayed
                        ? Uni.createFrom().failure(moving())
                        : relay(context, ((WrongRegion) failure).residency()));
    }

    private Uni<Void> relay(RoutingContext context, Residency home) {
        relay.send(context, home);
        return Uni.createFrom().voidItem();
    }

    /** The account moved while its request waited or its body streamed: a repeated request will be relayed. */
    private static ProblemException moving() {
        return new ProblemException(
                ErrorCode.UNAVAILABLE, "The account has just moved: send the request again.", Map.of("retryAfter", 1));
    }
}
