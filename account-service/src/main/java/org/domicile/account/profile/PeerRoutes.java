package org.domicile.account.profile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.github.bucket4j.Bucket;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.domicile.account.limit.LimitsConfig;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Regions;
import org.domicile.platform.region.ServiceIdentity;

/**
 * What others ask on the peer listener. {@code POST /internal/v1/resolve}: this region's Keycloak, whose account an identifier is.
 * {@code POST /internal/v1/discover}: other regions' account-services, whether an identifier's account lives here; limited per
 * region, so that none can enumerate another's numbers.
 */
@ApplicationScoped
public class PeerRoutes {
    static final String RESOLVE = "/internal/v1/resolve";
    static final String DISCOVER = "/internal/v1/discover";

    private static final int MAX_BODY = 4096;

    private final PeerServer server;
    private final ServiceIdentity identity;
    private final IdentifierIndex index;
    private final Lookup lookup;
    private final Regions regions;
    private final int discoveriesPerMinute;
    private final Map<String, Bucket> limits = new ConcurrentHashMap<>();

    @Inject
    public PeerRoutes(
            PeerServer server,
            ServiceIdentity identity,
            IdentifierIndex index,
            Lookup lookup,
            Regions regions,
            LimitsConfig limits) {
        this.server = server;
        this.identity = identity;
        this.index = index;
        this.lookup = lookup;
        this.regions = regions;
        this.discoveriesPerMinute = limits.discoveriesPerRegionAndMinute();
    }

    void mount(@Observes StartupEvent event) {
        var body = BodyHandler.create(false).setBodyLimit(MAX_BODY);
        server.router().post(RESOLVE).handler(body).handler(this::resolve);
        server.router().post(DISCOVER).handler(body).handler(this::discover);
    }

    private void resolve(RoutingContext context) {
        var caller = PeerIdentity.of(context);
        if (!caller.equals(new PeerIdentity(identity.region(), "keycloak"))) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only this region's Keycloak may ask.");
        }
        answer(context, identifier -> index.find(identifier)
                .map(found -> found.map(AccountId::toString).map(id -> new JsonObject().put("accountId", id))));
    }

    private void discover(RoutingContext context) {
        var caller = PeerIdentity.of(context);
        if (!caller.service().equals("account") || regions.find(caller.region()).isEmpty()) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only an account-service of a region on the list may ask.");
        }
        if (!limits.computeIfAbsent(caller.region(), region -> limit()).tryConsume(1)) {
            throw new ProblemException(ErrorCode.TOO_MANY_REQUESTS, "Ask again in a second.", Map.of("retryAfter", 1));
        }
        answer(context, identifier -> lookup.livesHere(identifier)
                .map(here -> here ? Optional.of(new JsonObject()) : Optional.empty()));
    }

    private Bucket limit() {
        return Bucket.builder()
                .addLimit(
                        l -> l.capacity(discoveriesPerMinute).refillGreedy(discoveriesPerMinute, Duration.ofMinutes(1)))
                .build();
    }

    /** 200 with the body that the lookup gives; 404 for an unknown identifier and for a text that is none. */
    private static void answer(RoutingContext context, Function<Identifier, Uni<Optional<JsonObject>>> lookup) {
        var question = question(context);
        Identifier.typed(question.identifier())
                .map(lookup)
                .orElse(Uni.createFrom().item(Optional.empty()))
                .subscribe()
                .with(
                        found -> found.ifPresentOrElse(
                                body -> context.response()
                                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                                        .end(body.toBuffer()),
                                () -> Problems.write(
                                        context, new ProblemException(ErrorCode.NOT_FOUND, "No account here has it."))),
                        failure -> Problems.write(context, failure));
    }

    private static Question question(RoutingContext context) {
        try {
            var question = Json.decodeValue(context.body().buffer(), Question.class);
            if (question != null && question.identifier() != null) {
                return question;
            }
        } catch (RuntimeException e) {
            // answered below
        }
        throw new ProblemException(ErrorCode.MALFORMED_BODY, "Send {\"identifier\":\"…\"}.");
    }

    /** @param identifier as typed */
    @JsonIgnoreProperties
    @RegisterForReflection
    record Question(String identifier) {
        @Override
        public String toString() {
            return "Question[redacted]";
        }
    }
}
