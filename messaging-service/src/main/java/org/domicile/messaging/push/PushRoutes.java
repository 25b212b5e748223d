package org.domicile.messaging.push;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.function.Function;
import java.util.function.Supplier;
import org.domicile.messaging.push.PushEndpoint.Accepted;
import org.domicile.messaging.relay.Misdirected;
import org.domicile.messaging.relay.Relay;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.RoutingKeys;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.EpochHeader;
import org.domicile.platform.fence.Homes;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.residency.WrongRegion;

/**
 * The senders' side of Web Push (RFC 8030 section 5): {@code POST /push/{capability}} and {@code DELETE} of the message's URL, on
 * the public listener in every region; what arrives away from the account's home is relayed. The peer listener has the
 * same two, and never relays again.
 */
@ApplicationScoped
public class PushRoutes {
    private static final String SEND = "/push/:capability";
    private static final String MESSAGE = "/push/message/:capability";

    /** Homes that are asked one after the other while an account moves. */
    private static final int HOPS = 2;

    private final PushEndpoint endpoint;
    private final RoutingKeys routing;
    private final Homes homes;
    private final Relay relay;
    private final ServiceIdentity identity;
    private final PeerServer peerServer;

    @Inject
    public PushRoutes(
            PushEndpoint endpoint,
            RoutingKeys routing,
            Homes homes,
            Relay relay,
            ServiceIdentity identity,
            PeerServer peerServer) {
        this.endpoint = endpoint;
        this.routing = routing;
        this.homes = homes;
        this.relay = relay;
        this.identity = identity;
        this.peerServer = peerServer;
    }

    /** A request with a well-formed capability. @param fromPeer it was relayed once already */
    private record Arrival(RoutingContext context, Capability capability, boolean fromPeer) {}

    void mount(@Observes Router router) {
        router.post(SEND).handler(context -> take(context, false, this::send));
        router.get(SEND).handler(this::discover);
        router.delete(MESSAGE).handler(context -> take(context, false, this::cancel));
    }

    void mountForPeers(@Observes StartupEvent event) {
        peerServer.router().post(SEND).handler(context -> take(context, true, this::send));
        peerServer.router().delete(MESSAGE).handler(context -> take(context, true, this::cancel));
    }

    private void take(RoutingContext context, boolean fromPeer, Function<Arrival, Uni<Void>> handling) {
        context.request().pause();
        Uni.createFrom()
                .deferred(() -> {
                    if (fromPeer) {
                        requireMessaging(context);
                    }
                    var capability =
                            routing.parse(context.pathParam("capability")).orElseThrow(PushEndpoint::unknown);
                    return handling.apply(new Arrival(context, capability, fromPeer));
                })
                .subscribe()
                .with(done -> {}, failure -> Problems.write(context, failure));
    }

    private Uni<Void> send(Arrival arrival) {
        var request = arrival.context().request();
        return PushBody.read(request, endpoint.maxBody()).flatMap(body -> {
            var message = endpoint.check(arrival.capability(), request::getHeader, body);
            return endpoint.sendAtOnce(message)
                    .flatMap(accepted -> accepted.isPresent()
                            ? answer(arrival, accepted.get())
                            : atHome(arrival, Buffer.buffer(body), () -> send(arrival, message)));
        });
    }

    private Uni<Void> send(Arrival arrival, PushMessage message) {
        return endpoint.send(message).flatMap(accepted -> answer(arrival, accepted));
    }

    /** Does it here if the account lives here; else relays the request, also if the account leaves while it waits at the fence. */
    private Uni<Void> atHome(Arrival arrival, Buffer body, Supplier<Uni<Void>> here) {
        return atHome(arrival, body, here, known(arrival), HOPS);
    }

    private Uni<Void> atHome(Arrival arrival, Buffer body, Supplier<Uni<Void>> here, long known, int hops) {
        return homes.here(arrival.capability().account(), known)
                .chain(row -> here.get())
                .onFailure(WrongRegion.class)
                .recoverWithUni(left -> follow(arrival, (WrongRegion) left, body)
                        .onFailure(Misdirected.class)
                        .recoverWithUni(moved -> hops == 0
                                ? Uni.createFrom().failure(unreachable((WrongRegion) left))
                                : atHome(arrival, body, here, ((Misdirected) moved).epoch(), hops - 1)));
    }

    /** Another region's word only: whoever else asks has shown nothing yet, and is not to make this region wait. */
    private static long known(Arrival arrival) {
        return arrival.fromPeer()
                ? EpochHeader.known(arrival.context().request().getHeader(EpochHeader.NAME))
                : 0;
    }

    private static Uni<Void> answer(Arrival arrival, Accepted accepted) {
        answer(arrival.context().response(), accepted);
        return Uni.createFrom().voidItem();
    }

    /** 201, or 202 with the receipt subscription where a receipt was asked for (RFC 8030 section 5.1). */
    private static void answer(HttpServerResponse response, Accepted accepted) {
        accepted.receipts()
                .ifPresent(to -> response.putHeader("Link", "<" + to + ">; rel=\"urn:ietf:params:push:receipt\""));
        response.setStatusCode(accepted.receipts().isPresent() ? 202 : 201)
                .putHeader("Location", accepted.location().toString())
                .putHeader("TTL", Long.toString(accepted.ttl().toSeconds()))
                .end();
    }

    /** Tells an application that this is a push server, and of which kind (UnifiedPush, "discovery"); of no endpoint in particular. */
    private void discover(RoutingContext context) {
        context.response().putHeader("Content-Type", "application/json").end("{\"unifiedpush\":{\"version\":1}}");
    }

    private Uni<Void> cancel(Arrival arrival) {
        arrival.context().request().resume();
        return atHome(arrival, Buffer.buffer(), () -> endpoint.cancel(arrival.capability())
                .invoke(() -> arrival.context().response().setStatusCode(204).end()));
    }

    /** What was relayed once is not relayed again: a region that says which epoch it knows is told the later one. */
    private Uni<Void> follow(Arrival arrival, WrongRegion left, Buffer body) {
        if (arrival.fromPeer()) {
            if (known(arrival) == 0) {
                return Uni.createFrom().failure(unreachable(left));
            }
            arrival.context()
                    .response()
                    .putHeader(EpochHeader.NAME, Long.toString(left.residency().epoch()));
            return Uni.createFrom().failure(left);
        }
        return relay.http(arrival.context(), left.residency(), body);
    }

    private static ProblemException unreachable(WrongRegion left) {
        return Relay.unreachable(left.residency().home());
    }

    private void requireMessaging(RoutingContext context) {
        if (!PeerIdentity.of(context).service().equals(identity.service())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only messaging-services relay messages.");
        }
    }
}
