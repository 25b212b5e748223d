package org.domicile.platform.fence;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.event.CallerContext;
import org.domicile.platform.region.Regions;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.residency.Residency;

/**
 * Where an account's requests are answered. The fence row decides before the directory: the new home opens its fence before its own
 * projection of the directory has the move. An account that was opened a moment ago is waited for ({@link Newcomers}). While a move has
 * left this region and the directory does not say so yet, or the asker knows of a later epoch than this region does, the answer is waited
 * for, outside any transaction: it is a part of a second away.
 */
@ApplicationScoped
public class Homes {
    private final StandingStore standings;
    private final Newcomers newcomers;
    private final Residencies residencies;
    private final Regions regions;
    private final FenceConfig config;
    private final Clock clock;
    private final SharedLooks<Standing> looks;

    @Inject
    public Homes(
            StandingStore standings,
            Newcomers newcomers,
            Residencies residencies,
            Regions regions,
            FenceConfig config,
            Clock clock) {
        this.standings = standings;
        this.newcomers = newcomers;
        this.residencies = residencies;
        this.regions = regions;
        this.config = config;
        this.clock = clock;
        this.looks = new SharedLooks<>(config.look(), standings::read);
    }

    /**
     * @param known the epoch that the asker knows ({@link EpochHeader}); 0 for none
     * @return fails with UNAVAILABLE (503) if it cannot be told in time
     */
    public Uni<Place> find(AccountId account, long known) {
        return standings
                .read(account)
                .flatMap(standing -> standing.isUnknown()
                        ? newcomers.known(account).chain(() -> standings.read(account))
                        : Uni.createFrom().item(standing))
                .flatMap(standing -> place(standing, known)
                        .map(Uni.createFrom()::item)
                        .orElseGet(() -> CallerContext.back(awaited(account, known, until()))));
    }

    /** As {@link #find}; fails with WRONG_REGION (421) if the account lives elsewhere. @return its row, or MISSING */
    public Uni<FenceRow> here(AccountId account, long known) {
        return find(account, known).map(place -> {
            place.elsewhere().ifPresent(home -> {
                throw residencies.wrongRegion(home);
            });
            return place.fence();
        });
    }

    private Instant until() {
        return clock.instant().plus(config.deadline());
    }

    private Uni<Place> awaited(AccountId account, long known, Instant until) {
        if (!clock.instant().isBefore(until)) {
            return Uni.createFrom().failure(moving());
        }
        return looks.next(account).flatMap(standing -> place(standing, known)
                .map(Uni.createFrom()::item)
                .orElseGet(() -> awaited(account, known, until)));
    }

    /** Empty while it is open. */
    private Optional<Place> place(Standing standing, long known) {
        var row = standing.fence().orElse(FenceRow.MISSING);
        var elsewhere = standing.residency().filter(home -> !regions.isSelf(home.home()));
        var isHome = (row.mode() == FenceMode.OWN || row.mode() == FenceMode.FROZEN)
                && elsewhere.map(home -> home.epoch() <= row.epoch()).orElse(true);
        if (isHome) {
            return row.epoch() >= known ? Optional.of(Place.here(row)) : Optional.empty();
        }
        if (elsewhere.isPresent()) {
            return elsewhere.filter(home -> home.epoch() >= known).map(home -> Place.at(home, row));
        }
        return row.mode() == FenceMode.NONE ? Optional.of(Place.here(row)) : Optional.empty();
    }

    private static ProblemException moving() {
        return new ProblemException(
                ErrorCode.UNAVAILABLE, "The account is being moved: try again in a second.", Map.of("retryAfter", 1));
    }

    /**
     * @param elsewhere the account's home, if that is another region
     * @param fence this region's row of it, MISSING if there is none
     */
    public record Place(Optional<Residency> elsewhere, FenceRow fence) {
        private static Place here(FenceRow fence) {
            return new Place(Optional.empty(), fence);
        }

        private static Place at(Residency home, FenceRow fence) {
            return new Place(Optional.of(home), fence);
        }
    }
}
