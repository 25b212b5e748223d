package org.domicile.backup.withdrawal;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.domicile.platform.law.MoveLaws;
import org.domicile.platform.law.Policies;
import org.domicile.platform.retention.RetentionClass;

/** How long a backup is kept after its owner switched it off: as the account's market says, and the other end's law while it is moved. */
@ApplicationScoped
public class WithdrawalGrace {
    private final Policies policies;
    private final MoveLaws laws;

    @Inject
    public WithdrawalGrace(Policies policies, MoveLaws laws) {
        this.policies = policies;
        this.laws = laws;
    }

    /**
     * @param market null where it is not known here
     * @param moveLaws of the account's row of {@code move_law}, null where it has none
     */
    Duration of(String market, String[] moveLaws) {
        var own = policies.of(market);
        return laws.of(moveLaws).map(own::stricter).orElse(own).backupGrace();
    }

    public Duration longest() {
        return policies.of(null).backupGrace();
    }

    /** SQL: when the grace of a withdrawal at a time, given as SQL, is over at the latest, where {@code m} is {@code account_market}. */
    String due(String at) {
        var longest = longest();
        var lower = policies.markets().stream()
                .filter(market -> policies.of(market).backupGrace().compareTo(longest) < 0)
                .collect(Collectors.toMap(
                        market -> market, market -> policies.of(market).backupGrace(), (a, b) -> a, TreeMap::new));
        return lower.isEmpty() ? RetentionClass.after(at, longest) : at + " + " + cases(lower, longest);
    }

    private static String cases(TreeMap<String, Duration> lower, Duration longest) {
        return lower.entrySet().stream()
                .map(law -> " when '" + law.getKey() + "' then " + interval(law.getValue()))
                .collect(Collectors.joining("", "case m.market", " else " + interval(longest) + " end"));
    }

    private static String interval(Duration duration) {
        return "interval '" + duration.toSeconds() + " seconds'";
    }
}
