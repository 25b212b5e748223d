package org.domicile.messaging.instance;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.domicile.messaging.queue.Message;
import org.domicile.messaging.queue.OnlineDevices;
import org.domicile.messaging.queue.Urgency;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;
import org.jboss.logging.Logger;

/**
 * Hands a message of TTL 0 to the instance that holds its device's connection, over mTLS and through memory only:
 * {@code POST /instance/v1/messages} on the peer listener, 204 when it was sent to the device and 404 when it was not. One
 * that cannot be handed over is dropped, as its time is over.
 */
@ApplicationScoped
public class Neighbours {
    private static final Logger LOG = Logger.getLogger(Neighbours.class);
    private static final String PATH = "/instance/v1/messages";
    private static final long TIMEOUT_MILLIS = 10_000;
    /** Room for base64 and the other members. */
    private static final long LARGEST = 64 * 1024;

    private final InstanceStore store;
    private final Instance self;
    private final PeerClient peers;
    private final PeerServer peerServer;
    private final ServiceIdentity identity;
    private final OnlineDevices online;

    @Inject
    public Neighbours(
            InstanceStore store,
            Instance self,
            PeerClient peers,
            PeerServer peerServer,
            ServiceIdentity identity,
            OnlineDevices online) {
        this.store = store;
        this.self = self;
        this.peers = peers;
        this.peerServer = peerServer;
        this.identity = identity;
        this.online = online;
    }

    /** @return whether another instance has sent the message to its device */
    public Uni<Boolean> deliver(Message message) {
        return store.holder(message.device(), self.id())
                .flatMap(holder -> holder.map(address -> forward(address, message))
                        .orElseGet(() -> Uni.createFrom().item(false)));
    }

    void mount(@Observes StartupEvent event) {
        peerServer
                .router()
                .post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST))
                .handler(this::take);
    }

    private Uni<Boolean> forward(URI address, Message message) {
        var options = PeerClient.traced(new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(address.getPort(), address.getHost()))
                // every instance has the same certificate, which is good for the name that other regions use
                .setHost(peers.of(identity.region(), identity.service()).getHost())
                .setPort(address.getPort())
                .setSsl(true)
                .setURI(PATH)
                .setTimeout(TIMEOUT_MILLIS));
        return Uni.createFrom()
                .completionStage(() -> peers.http()
                        .request(options)
                        .compose(request -> request.send(write(message)))
                        .map(answer -> answer.statusCode() == 204)
                        .toCompletionStage())
                .onFailure()
                .invoke(failure -> LOG.debugf("message not handed over message=%s reason=%s", message.id(), failure))
                .onFailure()
                .recoverWithItem(false);
    }

    private void take(RoutingContext context) {
        Uni.createFrom()
                .deferred(() -> {
                    requireNeighbour(context);
                    return online.deliver(read(context.body().buffer()));
                })
                .subscribe()
                .with(
                        sent -> context.response()
                                .setStatusCode(sent ? 204 : 404)
                                .end(),
                        failure -> Problems.write(context, failure));
    }

    private void requireNeighbour(RoutingContext context) {
        var caller = PeerIdentity.of(context);
        if (!caller.service().equals(identity.service()) || !caller.region().equals(identity.region())) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only instances of this service hand messages over.");
        }
    }

    private static Buffer write(Message message) {
        return new JsonObject()
                .put("id", message.id().toString())
                .put("deviceId", message.device().value())
                .put("channelId", message.channel().toString())
                .put("body", Base64.getEncoder().encodeToString(message.body()))
                .put("expires", message.expires().toString())
                .put("urgency", message.urgency().name())
                .put("receipt", message.receipt())
                .toBuffer();
    }

    private static Message read(Buffer body) {
        try {
            var json = new JsonObject(body);
            var device = DeviceId.parse(json.getString("deviceId"));
            return new Message(
                    UUID.fromString(json.getString("id")),
                    device.accountId(),
                    device,
                    UUID.fromString(json.getString("channelId")),
                    Base64.getDecoder().decode(json.getString("body")),
                    Instant.parse(json.getString("expires")),
                    Urgency.valueOf(json.getString("urgency")),
                    false,
                    json.getBoolean("receipt"));
        } catch (DecodeException | IllegalArgumentException | NullPointerException e) {
            throw new ProblemException(ErrorCode.MALFORMED_BODY, "Send a message as instances write it.");
        }
    }
}
