package org.domicile.account.law;

import io.quarkus.runtime.annotations.RegisterResources;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.domicile.platform.consent.Feature;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The law of every market; a file that does not say what it must refuses to start. */
@ApplicationScoped
@RegisterResources(globs = "law/markets.yaml")
public class MarketLaws {
    private static final long DAYS_OF_A_YEAR = 365;
    private static final Pattern MARKET = Pattern.compile("[A-Z]{2}");
    private static final String PACKAGED = "/law/markets.yaml";

    private final Map<String, MarketLaw> laws = new HashMap<>();
    private Map<Feature, Duration> graces = Map.of();
    private List<Duration> inactivityNotices = List.of();
    private Duration inactivity = Duration.ofDays(395);
    private final Duration accessDeadline;
    private final Duration erasureDeadline;

    @Inject
    public MarketLaws(MarketsConfig config) {
        this.accessDeadline = config.accessDeadline();
        this.erasureDeadline = config.erasureDeadline();
        try (var in = config.file().isPresent()
                ? Files.newInputStream(config.file().get())
                : MarketLaws.class.getResourceAsStream(PACKAGED)) {
            read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the markets file", e);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    config.file().map(Object::toString).orElse(PACKAGED) + " is not a list of markets and their law: "
                            + e.getMessage(),
                    e);
        }
    }

    /** A market that the file does not name has no numbers of its own. */
    public MarketLaw of(String market) {
        return laws.getOrDefault(
                market,
                new MarketLaw(
                        market,
                        "",
                        accessDeadline,
                        erasureDeadline,
                        Duration.ZERO,
                        Optional.empty(),
                        inactivity,
                        OptionalInt.empty(),
                        Set.of(),
                        graces));
    }

    /** After which an account that nobody uses is erased, in markets that say nothing else. */
    public Duration inactivity() {
        return inactivity;
    }

    /** The same in markets that say it. */
    public Map<String, Duration> inactivityByMarket() {
        return laws.values().stream()
                .filter(law -> !law.inactivity().equals(inactivity))
                .collect(Collectors.toMap(MarketLaw::id, MarketLaw::inactivity, (a, b) -> a, TreeMap::new));
    }

    public Duration shortestInactivity() {
        return Collections.min(inactivities());
    }

    public Duration longestInactivity() {
        return Collections.max(inactivities());
    }

    /** How long before the erasure of an inactive account its owner is told, longest first. */
    public List<Duration> inactivityNotices() {
        return inactivityNotices;
    }

    /** The shortest time that any market gives for an erasure. */
    public Duration shortestErasure() {
        return Stream.concat(Stream.of(erasureDeadline), laws.values().stream().map(MarketLaw::erasureDeadline))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The longest that a guardian confirms for a minor of any market, in years. */
    public int longestConsentAge() {
        return laws.values().stream()
                .flatMapToInt(law -> law.consentAge().stream())
                .max()
                .orElse(0);
    }

    /** The longest that any market wants logs kept. */
    public Duration longestLogRetention() {
        return laws.values().stream()
                .flatMap(law -> law.logRetention().stream())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private List<Duration> inactivities() {
        return Stream.concat(Stream.of(inactivity), laws.values().stream().map(MarketLaw::inactivity))
                .toList();
    }

    private void read(InputStream in) {
        Map<String, Object> root = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        graces = graces(section(root, "grace_days"));
        number(section(root, "grace_days"), "inactivity").ifPresent(days -> inactivity = Duration.ofDays(days));
        inactivityNotices = notices(root);
        @SuppressWarnings("unchecked")
        var markets = (Map<String, Map<String, Object>>) root.get("markets");
        markets.keySet().forEach(MarketLaws::requireMarket);
        markets.forEach((id, policy) -> laws.put(
                id,
                new MarketLaw(
                        id,
                        (String) policy.getOrDefault("law", ""),
                        number(policy, "access_days").map(Duration::ofDays).orElse(accessDeadline),
                        number(policy, "erasure_days").map(Duration::ofDays).orElse(erasureDeadline),
                        number(policy, "pre_erasure_notice_hours")
                                .map(Duration::ofHours)
                                .orElse(Duration.ZERO),
                        number(policy, "log_retention_days").map(Duration::ofDays),
                        number(policy, "inactivity_erasure_years")
                                .map(years -> Duration.ofDays(years * DAYS_OF_A_YEAR))
                                .orElse(inactivity),
                        number(policy, "consent_age")
                                .map(Long::intValue)
                                .map(OptionalInt::of)
                                .orElse(OptionalInt.empty()),
                        regions(root, id),
                        graces)));
    }

    /** Those that the law allows, and those where accounts may still be until they are moved. */
    @SuppressWarnings("unchecked") // the file's lists have names of regions
    private static Set<String> regions(Map<String, Object> root, String market) {
        var regions = new TreeSet<String>();
        for (var list : List.of("allowed_regions", "legacy_regions")) {
            regions.addAll((List<String>) section(root, list).getOrDefault(market, List.of()));
        }
        return regions;
    }

    private static Map<Feature, Duration> graces(Map<String, Object> days) {
        var graces = new EnumMap<Feature, Duration>(Feature.class);
        number(days, "backup_after_withdrawal").ifPresent(n -> graces.put(Feature.BACKUP, Duration.ofDays(n)));
        number(days, "messages_after_withdrawal").ifPresent(n -> graces.put(Feature.MESSAGING, Duration.ofDays(n)));
        return graces;
    }

    private static void requireMarket(String id) {
        if (!MARKET.matcher(id).matches()) {
            throw new IllegalArgumentException("a market is two capital letters, not " + id);
        }
    }

    private static List<Duration> notices(Map<String, Object> root) {
        @SuppressWarnings("unchecked")
        var days = (List<Integer>) root.getOrDefault("inactivity_notices_days", List.of());
        return days.stream()
                .map(Duration::ofDays)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    @SuppressWarnings("unchecked") // the file's maps have names for keys
    private static Map<String, Object> section(Map<String, Object> root, String name) {
        return (Map<String, Object>) root.getOrDefault(name, Map.of());
    }

    private static Optional<Long> number(Map<String, Object> policy, String name) {
        return Optional.ofNullable((Number) policy.get(name)).map(Number::longValue);
    }
}
