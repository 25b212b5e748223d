package org.domicile.account.law;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.domicile.platform.law.Policies;
import org.domicile.platform.law.Policy;

/** The law of every market. */
@ApplicationScoped
public class MarketLaws {
    private final Policies policies;

    @Inject
    public MarketLaws(Policies policies) {
        this.policies = policies;
    }

    /** A market that the file does not name has no numbers of its own. */
    public MarketLaw of(String market) {
        return new MarketLaw(market, policies.law(market), policies.regions(market), policies.of(market));
    }

    /** After which an account that nobody uses is erased, in markets that say nothing else. */
    public Duration inactivity() {
        return policies.of(null).inactivity();
    }

    /** The same in markets that say it. */
    public Map<String, Duration> inactivityByMarket() {
        return policies.markets().stream()
                .filter(market -> !policies.of(market).inactivity().equals(inactivity()))
                .collect(Collectors.toMap(
                        market -> market, market -> policies.of(market).inactivity(), (a, b) -> a, TreeMap::new));
    }

    public Duration shortestInactivity() {
        return policies.strictest().inactivity();
    }

    public Duration longestInactivity() {
        return all().map(Policy::inactivity).max(Duration::compareTo).orElseThrow();
    }

    /** How long before the erasure of an inactive account its owner is told, longest first. */
    public List<Duration> inactivityNotices() {
        return policies.inactivityNotices();
    }

    /** The shortest time that any market gives for an erasure. */
    public Duration shortestErasure() {
        return policies.strictest().erasure();
    }

    /** The longest that a guardian confirms for a minor of any market, in years. */
    public int longestConsentAge() {
        return policies.strictest().consentAge();
    }

    /** The longest that any market wants logs kept. */
    public Duration longestLogRetention() {
        return policies.strictest().logs();
    }

    private Stream<Policy> all() {
        return Stream.concat(
                Stream.of(policies.of(null)), policies.markets().stream().map(policies::of));
    }
}
