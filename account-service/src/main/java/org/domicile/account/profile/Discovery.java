package org.domicile.account.profile;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.domicile.account.law.MarketLaws;
import org.domicile.account.region.Market;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.Regions;
import org.jboss.logging.Logger;

/**
 * Finds an identifier's home from a phone that knows nothing yet: asks the regions where its market lets accounts live, all of them
 * every time and no others, and answers the market's default for an unknown one. One that does not answer is not taken for one that
 * does not know: then nobody gets an answer, or known identifiers could be told from unknown ones by it.
 */
@ApplicationScoped
public class Discovery {
    private static final Logger LOG = Logger.getLogger(Discovery.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int RETRY_SECONDS = 5;
    private static final int FOUND = 200;
    private static final int UNKNOWN = 404;
    private static final String ACCOUNT = "account";

    private final Lookup lookup;
    private final PeerClient peers;
    private final Regions regions;
    private final MarketLaws laws;

    @Inject
    public Discovery(Lookup lookup, PeerClient peers, Regions regions, MarketLaws laws) {
        this.lookup = lookup;
        this.peers = peers;
        this.regions = regions;
        this.laws = laws;
    }

    /** @return fails with UNAVAILABLE (503) if a region does not say whether it knows the identifier */
    Uni<String> home(Market market, Identifier identifier) {
        var asked = asked(market).stream()
                .map(region ->
                        ask(region, identifier).map(found -> found ? Optional.of(region) : Optional.<String>empty()))
                .toList();
        return Uni.join()
                .all(asked)
                .andCollectFailures()
                .map(answers ->
                        answers.stream().flatMap(Optional::stream).findFirst().orElse(market.home()))
                .onFailure()
                .transform(f -> new ProblemException(
                        ErrorCode.UNAVAILABLE,
                        "A region where the account may live does not answer: try again in a few seconds.",
                        Map.of("retryAfter", RETRY_SECONDS)));
    }

    /** Where the law lets the market's accounts live, and where they may be still, of the regions that there are; first its home. */
    Set<String> asked(Market market) {
        var asked = new LinkedHashSet<String>();
        asked.add(market.home());
        laws.of(market.id()).regions().stream()
                .filter(region -> regions.find(region).isPresent())
                .forEach(asked::add);
        asked.add(market.target());
        return asked;
    }

    private Uni<Boolean> ask(String region, Identifier identifier) {
        return (regions.isSelf(region) ? lookup.livesHere(identifier) : askPeer(region, identifier))
                .onFailure()
                .invoke(f ->
                        LOG.warnf("region does not say whether it knows region=%s reason=%s", region, f.toString()));
    }

    private Uni<Boolean> askPeer(String region, Identifier identifier) {
        var body = new JsonObject().put("identifier", identifier.value()).toBuffer();
        var request = peers.request(HttpMethod.POST, region, ACCOUNT, PeerRoutes.DISCOVER)
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("Content-Type", "application/json");
        return peers.ask(request, body)
                .map(answer -> switch (answer.status()) {
                    case FOUND -> true;
                    case UNKNOWN -> false;
                    default -> throw new IllegalStateException("answered " + answer.status());
                })
                .ifNoItem()
                .after(TIMEOUT)
                .fail();
    }
}
