package org.domicile.account.profile;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import java.net.URI;
import org.domicile.account.limit.AddressLimits;
import org.domicile.account.limit.Caller;
import org.domicile.account.region.Placement;
import org.domicile.platform.region.Regions;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** {@code POST /v1/discover}: the home region of an identifier; an unknown one gets its market's default. */
@Path("/v1/discover")
public class DiscoveryResource {
    private final Discovery discovery;
    private final Placement placement;
    private final Regions regions;
    private final AddressLimits limits;

    @Inject
    public DiscoveryResource(Discovery discovery, Placement placement, Regions regions, AddressLimits limits) {
        this.discovery = discovery;
        this.placement = placement;
        this.regions = regions;
        this.limits = limits;
    }

    @POST
    @Operation(summary = "Where an identifier's account lives; an unknown one gets its market's home, by the same work")
    public Uni<Answer> discover(@NotNull Question question, @Context HttpServerRequest request) {
        limits.discovery(Caller.of(request));
        var market = placement.get(question.market());
        var identifier = GivenIdentifier.of(question.email(), question.phone(), market.id());
        return discovery
                .home(market, identifier)
                .map(home -> new Answer(home, regions.get(home).publicUrls().get("account")));
    }

    /** Exactly one of e-mail and phone. */
    public record Question(String market, String email, String phone) {
        @Override
        public String toString() {
            return "Question[market=" + market + "]";
        }
    }

    /** @param location base URL of the region's account-service */
    public record Answer(String homeRegion, URI location) {}
}
