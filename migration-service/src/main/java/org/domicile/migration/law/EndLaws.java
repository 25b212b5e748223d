package org.domicile.migration.law;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.domicile.platform.region.Region;
import org.domicile.platform.region.Regions;

/** Whose law holds for an account that is at two places: its own market's, and that of the country of each end. */
@ApplicationScoped
public class EndLaws {
    private final Regions regions;

    @Inject
    public EndLaws(Regions regions) {
        this.regions = regions;
    }

    /**
     * @param market the account's; null where it is not known
     * @param peer the end that is not this region
     */
    public List<String> of(String market, String peer) {
        return Stream.of(
                        Optional.ofNullable(market),
                        Optional.of(regions.self()).map(Region::jurisdiction),
                        regions.find(peer).map(Region::jurisdiction))
                .flatMap(Optional::stream)
                .distinct()
                .sorted()
                .toList();
    }
}
