package org.domicile.account.region;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.domicile.platform.region.Regions;

/** {@code GET /v1/regions}: regions, markets, issuers, base URLs. */
@Path("/v1/regions")
public class RegionsResource {
    private final Regions regions;
    private final Placement placement;

    @Inject
    public RegionsResource(Regions regions, Placement placement) {
        this.regions = regions;
        this.placement = placement;
    }

    @GET
    public RegionList list() {
        var entries = regions.all().stream()
                .map(r -> new RegionList.Entry(r.id(), r.jurisdiction(), r.issuer(), r.clientId(), r.publicUrls()))
                .toList();
        return new RegionList(
                regions.self().id(), entries, placement.all(), regions.pushOrigin(), regions.backupOrigin());
    }
}
