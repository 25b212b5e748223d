package org.domicile.account.profile;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Objects;
import org.domicile.account.region.Market;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.Regions;
import org.jboss.logging.Logger;

/**
 * Finds an identifier's home from a phone that knows nothing yet: asks the regions of its market, all of them every time, and
 * answers the market's default for an unknown one.
 */
@ApplicationScoped
public class Discovery {
    private static final Logger LOG = Logger.getLogger(Discovery.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String ACCOUNT = "account";

    private final Lookup lookup;
    private final PeerClient peers;
    private final Regions regions;

    @Inject
    public Discovery(Lookup lookup, PeerClient peers, Regions regions) {
        this.lookup = lookup;
        this.peers = peers;
        this.regions = regions;
    }

    Uni<String> home(Market market, Identifier identifier) {
        var asked = market.regions().stream()
                .map(region -> ask(region, identifier).map(found -> found ? region : null))
                .toList();
        return Uni.join().all(asked).andFailFast().map(answers -> answers.stream()
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(market.home()));
    }

    private Uni<Boolean> ask(String region, Identifier identifier) {
        return regions.isSelf(region) ? lookup.livesHere(identifier) : askPeer(region, identifier);
    }

    private Uni<Boolean> askPeer(String region, Identifier identifier) {
        var body = new JsonObject().put("identifier", identifier.value()).toBuffer();
        var request = peers.request(HttpMethod.POST, region, ACCOUNT, PeerRoutes.DISCOVER)
                .setTimeout(TIMEOUT.toMillis());
        return Uni.createFrom()
                .completionStage(() -> peers.http()
                        .request(request)
                        .compose(r ->
                                r.putHeader("Content-Type", "application/json").send(body))
                        .compose(response -> response.body().map(answer -> response.statusCode() == 200))
                        .toCompletionStage())
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("region not asked for an identifier region=%s reason=%s", region, failure.toString());
                    return false;
                });
    }
}
