package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.domicile.backup.relay.Relay;
import org.domicile.backup.restic.DeviceCredential;
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
 * {@code /dav/…}, for clients and, on the peer listener, for other regions. A client's request is relayed to the account's home, as
 * the device id and the residency directory say; what was relayed once is not relayed again.
 */
@ApplicationScoped
public class DavRoute {
    /** Before Quarkus' own routes: a body handler would read whole bodies into memory. */
    private static final int FIRST = -1_000_000;

    private final Devices devices;
    private final Homes homes;
    private final DavHandler handler;
    private final Relay relay;
    private final PeerServer peers;

    @Inject
    public DavRoute(Devices devices, Homes homes, DavHandler handler, Relay relay, PeerServer peers) {
        this.devices = devices;
        this.homes = homes;
        this.handler = handler;
        this.relay = relay;
        this.peers = peers;
    }

    void mount(@Observes Router router) {
        router.route(DavPath.PREFIX).order(FIRST).handler(this::onClient);
        router.route(DavPath.PREFIX + "/*").order(FIRST).handler(this::onClient);
        peers.router().route(DavPath.PREFIX).handler(this::onPeer);
        peers.router().route(DavPath.PREFIX + "/*").handler(this::onPeer);
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
            var request = DavRequest.parse(context.request());
            if (request instanceof DavRequest.Options) {
                // says nothing of an account: a client may ask before it has a credential
                DavHandler.options(context);
                context.request().resume();
                return;
            }
            var credential = DeviceCredential.parse(context.request().getHeader("Authorization"));
            route(context, request, credential, relayed)
                    .subscribe()
                    .with(done -> {}, failure -> DavAnswers.fail(context, failure));
        } catch (ProblemException e) {
            DavAnswers.fail(context, e);
        }
    }

    private Uni<Void> route(RoutingContext context, DavRequest request, DeviceCredential credential, boolean relayed) {
        var account = credential.id().accountId();
        var body = new DavBody(context);
        var known = relayed ? EpochHeader.known(context.request().getHeader(EpochHeader.NAME)) : 0;
        return homes.here(account, known)
                .chain(() -> devices.authenticate(credential.id(), credential.secret()))
                .flatMap(device -> handler.handle(context, request, device, body))
                .onFailure(failure -> failure instanceof WrongRegion && !body.isTaken())
                .recoverWithUni(failure -> relayed
                        ? Uni.createFrom().failure(DavAnswers.moving())
                        : relay(context, ((WrongRegion) failure).residency()));
    }

    private Uni<Void> relay(RoutingContext context, Residency home) {
        relay.send(context, home);
        return Uni.createFrom().voidItem();
    }
}
