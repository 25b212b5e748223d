package org.domicile.messaging.receipt;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.Json;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.domicile.messaging.relay.Relay;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.RoutingKeys;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.ServiceIdentity;

/** Receipts of messages to accounts that live elsewhere: asked of their home, which forgets them when they have been told here. */
@ApplicationScoped
public class FarReceipts {
    private static final long TIMEOUT_MILLIS = 5_000;
    private static final TypeReference<List<Receipt>> RECEIPTS = new TypeReference<>() {};

    private final PeerClient peers;
    private final RoutingKeys routing;
    private final ServiceIdentity identity;
    private final ObjectMapper json;

    @Inject
    public FarReceipts(PeerClient peers, RoutingKeys routing, ServiceIdentity identity, ObjectMapper json) {
        this.peers = peers;
        this.routing = routing;
        this.identity = identity;
        this.json = json;
    }

    /** Those that are ready. Fails with NOT_FOUND as the home does, else with UNAVAILABLE. */
    Uni<List<Receipt>> ready(String region, Capability receipts) {
        return peers.ask(request(HttpMethod.GET, region, receipts), null)
                .map(answer -> read(region, answer.status(), answer.body()))
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> Relay.unreachable(region));
    }

    /** They have been told: the home forgets them. Fails if it may not have. */
    Uni<Void> told(String region, Capability receipts, List<UUID> ids) {
        return peers.ask(request(HttpMethod.DELETE, region, receipts), Json.encodeToBuffer(ids))
                .invoke(answer -> {
                    if (answer.status() != 204) {
                        throw Relay.unreachable(region);
                    }
                })
                .replaceWithVoid();
    }

    private RequestOptions request(HttpMethod method, String region, Capability receipts) {
        return peers.request(method, region, identity.service(), "/push/receipts/" + routing.text(receipts))
                .setTimeout(TIMEOUT_MILLIS);
    }

    private List<Receipt> read(String region, int status, Buffer body) {
        if (status == 404) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "There are no receipts at this address: forget it.");
        }
        if (status != 200) {
            throw Relay.unreachable(region);
        }
        try {
            return json.readValue(body.getBytes(), RECEIPTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
