package org.domicile.messaging.receipt;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.domicile.messaging.relay.Relay;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.RoutingKeys;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.ServiceIdentity;

/** Receipts of messages to accounts that live elsewhere: taken from their home, and told here at once. */
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

    /** The home forgets what it answers. Fails with NOT_FOUND as the home does, else with UNAVAILABLE. */
    Uni<List<Receipt>> take(String region, Capability receipts) {
        var options = peers.request(HttpMethod.GET, region, identity.service(), "/push/receipts/" + routing.text(receipts))
                .setTimeout(TIMEOUT_MILLIS);
        return peers.ask(options, null)
                .map(answer -> read(region, answer.status(), answer.body()))
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> Relay.unreachable(region));
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
