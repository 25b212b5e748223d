package org.domicile.migration.move;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.law.Heads;
import org.domicile.migration.law.Placement;
import org.domicile.migration.law.TransferLaw;
import org.domicile.migration.law.Verdict;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.region.Regions;
import org.domicile.platform.residency.Residencies;
import org.domicile.platform.residency.Residency;

/** What a move would be, and whether it may be: where the account lives, where it belongs, and what the law says. */
@ApplicationScoped
public class MovePlans {
    private final Pool pool;
    private final Clock clock;
    private final Regions regions;
    private final TransferLaw law;
    private final Heads heads;
    private final Placement placement;
    private final DirectoryStore directory;
    private final Residencies residencies;

    @Inject
    public MovePlans(
            Pool pool,
            Clock clock,
            Regions regions,
            TransferLaw law,
            Heads heads,
            Placement placement,
            DirectoryStore directory,
            Residencies residencies) {
        this.pool = pool;
        this.clock = clock;
        this.regions = regions;
        this.law = law;
        this.heads = heads;
        this.placement = placement;
        this.directory = directory;
        this.residencies = residencies;
    }

    /** What a move would be: nothing is written. */
    public record Plan(AccountId accountId, String from, String to, String market, Verdict verdict) {}

    /**
     * @param to empty = where the account's market belongs
     * @return fails with NOT_FOUND, WRONG_REGION, INVALID_REQUEST, CONFLICT or NO_TRANSFER_BASIS
     */
    public Uni<Plan> of(AccountId account, Optional<String> to) {
        return directory.find(account).flatMap(row -> of(pool, account, row, to));
    }

    Uni<Plan> of(SqlClient client, AccountId account, Optional<DirectoryRow> row, Optional<String> wanted) {
        if (row.isEmpty()) {
            return residencies.elsewhere(client, account).map(elsewhere -> {
                elsewhere.ifPresent(home -> {
                    throw residencies.wrongRegion(home);
                });
                throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such account.");
            });
        }
        return Uni.createFrom().item(() -> target(row.get(), wanted)).flatMap(to -> heads.others(
                        client, row.get().market(), account)
                .map(others -> decide(row.get(), to, others)));
    }

    private String target(DirectoryRow row, Optional<String> wanted) {
        if (!regions.isSelf(row.home())) {
            throw residencies.wrongRegion(new Residency(row.home(), row.epoch(), row.home(), clock.instant()));
        }
        var to = wanted.or(() -> placement.target(row.market()))
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.INVALID_REQUEST, "Name the target region in \"to\": the market has none."));
        if (regions.find(to).isEmpty()) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "The region \"" + to + "\" is not on the region list.");
        }
        if (to.equals(row.home())) {
            throw new ProblemException(ErrorCode.CONFLICT, "The account already lives in " + to + ".");
        }
        return to;
    }

    private Plan decide(DirectoryRow row, String to, long others) {
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var verdict = law.decide(row.market(), row.home(), to, today, others);
        if (!verdict.allowed()) {
            throw refused(row.market(), row.home(), to, verdict);
        }
        return new Plan(row.account(), row.home(), to, row.market(), verdict);
    }

    /** NO_TRANSFER_BASIS, with every class of data for which none is held, and the numbers of people that are reached. */
    public static ProblemException refused(String market, String from, String to, Verdict verdict) {
        return new ProblemException(
                ErrorCode.NO_TRANSFER_BASIS,
                reason(market, from, to, verdict),
                Map.of(
                        "market",
                        market,
                        "from",
                        from,
                        "to",
                        to,
                        "notCovered",
                        verdict.notCovered(),
                        "exhausted",
                        verdict.exhausted(),
                        "allowedRegions",
                        verdict.allowedRegions()));
    }

    private static String reason(String market, String from, String to, Verdict verdict) {
        if (verdict.notCovered().isEmpty()) {
            return "The market " + market + " does not let its accounts live in " + to + ".";
        }
        var sentence = "No transfer basis is held for " + String.join(", ", verdict.notCovered()) + " of the market "
                + market + " from " + from + " to " + to + ".";
        for (var exhausted : verdict.exhausted()) {
            sentence += " The basis \"" + exhausted.basis() + "\" ends at " + exhausted.people()
                    + " people a year, and that number is reached.";
        }
        return sentence;
    }
}
