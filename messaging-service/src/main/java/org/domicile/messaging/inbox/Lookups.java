package org.domicile.messaging.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.domicile.messaging.relay.Relay;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.Homes;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Region;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.residency.Residency;
import org.jboss.logging.Logger;

/**
 * Lookups beyond this region: an account is looked for at its home, a number in every region at once, each with its own index
 * key. Another region answers from what lives there, and asks nobody else.
 */
@ApplicationScoped
public class Lookups {
    private static final Logger LOG = Logger.getLogger(Lookups.class);
    private static final String PATH = "/v1/directory/lookup";
    private static final long LARGEST_QUERY = 2_048;
    private static final long TIMEOUT_MILLIS = 5_000;

    private final Inboxes inboxes;
    private final Homes homes;
    private final Regions regions;
    private final PeerClient peers;
    private final PeerServer peerServer;
    private final ServiceIdentity identity;
    private final ObjectMapper json;

    @Inject
    public Lookups(
            Inboxes inboxes,
            Homes homes,
            Regions regions,
            PeerClient peers,
            PeerServer peerServer,
            ServiceIdentity identity,
            ObjectMapper json) {
        this.inboxes = inboxes;
        this.homes = homes;
        this.regions = regions;
        this.peers = peers;
        this.peerServer = peerServer;
        this.identity = identity;
        this.json = json;
    }

    Uni<Directory> everywhere(LookupQuery query) {
        if (query.accountId() != null) {
            return homes.find(query.accountId(), 0).flatMap(place -> place.elsewhere()
                    .map(Residency::home)
                    .map(r -> ask(r, query).onFailure().transform(failure -> Relay.unreachable(r)))
                    .orElseGet(() -> inboxes.find(query)));
        }
        var asked = new ArrayList<Uni<Directory>>();
        asked.add(inboxes.find(query));
        regions.all().stream()
                .map(Region::id)
                .filter(id -> !regions.isSelf(id))
                .forEach(id -> asked.add(ask(id, query).onFailure().recoverWithItem(failure -> {
                    LOG.warnf("lookup goes without region=%s reason=%s", id, failure.toString());
                    return Directory.NOBODY;
                })));
        return Uni.join().all(asked).andFailFast().map(Lookups::merge);
    }

    void mountForPeers(@Observes StartupEvent event) {
        peerServer
                .router()
                .post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_QUERY))
                .handler(this::answer);
    }

    private void answer(RoutingContext context) {
        Uni.createFrom()
                .deferred(() -> {
                    if (!PeerIdentity.of(context).service().equals(identity.service())) {
                        throw new ProblemException(ErrorCode.FORBIDDEN, "Only messaging-services look up for others.");
                    }
                    var query = read(context.body().buffer(), LookupQuery.class);
                    query.check();
                    return inboxes.find(query);
                })
                .subscribe()
                .with(
                        found -> context.response()
                                .putHeader("Content-Type", "application/json")
                                .end(write(found)),
                        failure -> Problems.write(context, failure));
    }

    private Uni<Directory> ask(String region, LookupQuery query) {
        var options = peers.request(HttpMethod.POST, region, identity.service(), PATH)
                .setTimeout(TIMEOUT_MILLIS)
                .putHeader("Content-Type", "application/json");
        return peers.ask(options, write(query))
                .invoke(PeerClient::accepted)
                .map(answer -> read(answer.body(), Directory.class));
    }

    private static Directory merge(List<Directory> found) {
        return new Directory(found.stream().flatMap(d -> d.devices().stream()).toList());
    }

    private <T> T read(Buffer body, Class<T> type) {
        try {
            return json.readValue(body == null ? new byte[0] : body.getBytes(), type);
        } catch (JsonProcessingException e) {
            throw new ProblemException(ErrorCode.MALFORMED_BODY, "Send the JSON that the API names.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Buffer write(Object value) {
        try {
            return Buffer.buffer(json.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
