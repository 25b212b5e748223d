package org.domicile.platform.law;

import io.quarkus.runtime.annotations.RegisterResources;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The numbers of {@code markets.yaml}: what holds everywhere, which a market may make stricter, and what a market's law sets by itself.
 * A file that does not say what it must refuses to start.
 */
@ApplicationScoped
@RegisterResources(globs = "law/markets.yaml")
public class Policies {
    private static final long DAYS_OF_A_YEAR = 365;
    private static final Pattern MARKET = Pattern.compile("[A-Z]{2}");
    private static final String PACKAGED = "/law/markets.yaml";
    private static final List<String> PLACES = List.of("allowed_regions", "legacy_regions");
    private static final LongFunction<Duration> DAYS = Duration::ofDays;

    private final Map<String, Object> file;
    private final Policy standard;
    private final Map<String, Policy> markets = new HashMap<>();

    @Inject
    public Policies(MarketsConfig config) {
        var name = config.file().map(Object::toString).orElse(PACKAGED);
        try (var in = config.file().isPresent()
                ? Files.newInputStream(config.file().get())
                : Policies.class.getResourceAsStream(PACKAGED)) {
            this.file = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            this.standard = standard(config);
            section(file, "markets").orElseThrow(() -> missing("markets")).forEach(this::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the markets file " + name, e);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    name + " is not a list of markets and their law: " + e.getMessage() + ". Correct the file.", e);
        }
    }

    /** For the CDI proxy only. */
    Policies() {
        this.file = Map.of();
        this.standard = null;
    }

    /** @param market null where it is not known; one that the file does not name has no numbers of its own */
    public Policy of(String market) {
        return market == null ? standard : markets.getOrDefault(market, standard);
    }

    /** What is right by all of these markets. */
    public Policy strictest(Collection<String> several) {
        return several.stream().map(this::of).reduce(Policy::stricter).orElse(standard);
    }

    /** The strictest that any account can come under. */
    public Policy strictest() {
        return strictest(markets.keySet()).stricter(standard);
    }

    /** What is right by every market whose accounts may live in the region. */
    public Policy strictestIn(String region) {
        return strictest(markets.keySet().stream()
                        .filter(market -> regions(market).contains(region))
                        .toList())
                .stricter(standard);
    }

    /** The markets that the file names. */
    public Set<String> markets() {
        return Set.copyOf(markets.keySet());
    }

    /** Where accounts of the market may live, or live still; empty where the file names none. */
    public Set<String> regions(String market) {
        var regions = new TreeSet<String>();
        PLACES.stream()
                .flatMap(place -> section(file, place).stream())
                .map(place -> place.get(market))
                .filter(List.class::isInstance)
                .forEach(list -> ((List<?>) list).forEach(region -> regions.add(region.toString())));
        return regions;
    }

    /** How long before the erasure of an inactive account its owner is told, longest first. */
    public List<Duration> inactivityNotices() {
        return file.get("inactivity_notices_days") instanceof List<?> days
                ? days.stream()
                        .map(day -> Duration.ofDays(((Number) day).longValue()))
                        .sorted(Comparator.reverseOrder())
                        .toList()
                : List.of();
    }

    /** The name of the market's law. */
    public String law(String market) {
        return section(file, "markets")
                .flatMap(all -> section(all, market))
                .map(law -> Objects.requireNonNullElse(law.get("law"), "").toString())
                .orElse("");
    }

    private Policy standard(MarketsConfig config) {
        return new Policy(
                required("retention_days", "messages"),
                required("grace_days", "backup_after_withdrawal"),
                required("grace_days", "messages_after_withdrawal"),
                required("grace_days", "trash"),
                required("grace_days", "inactivity"),
                config.accessDeadline(),
                config.erasureDeadline(),
                Duration.ZERO,
                Duration.ZERO,
                0);
    }

    private void add(String market, Object policy) {
        if (!MARKET.matcher(market).matches()) {
            throw new IllegalArgumentException("a market is two capital letters, not " + market);
        }
        var law = asSection(policy)
                .orElseThrow(() -> new IllegalArgumentException("what holds in " + market + " is not a section"));
        markets.put(
                market,
                new Policy(
                        lower(law, "retention_days", "messages", standard.messages()),
                        lower(law, "grace_days", "backup_after_withdrawal", standard.backupGrace()),
                        lower(law, "grace_days", "messages_after_withdrawal", standard.messagesGrace()),
                        lower(law, "grace_days", "trash", standard.trash()),
                        own(law, "inactivity_erasure_years", y -> Duration.ofDays(y * DAYS_OF_A_YEAR))
                                .orElse(standard.inactivity()),
                        own(law, "access_days", DAYS).orElse(standard.access()),
                        own(law, "erasure_days", DAYS).orElse(standard.erasure()),
                        own(law, "pre_erasure_notice_hours", Duration::ofHours).orElse(Duration.ZERO),
                        own(law, "log_retention_days", DAYS).orElse(Duration.ZERO),
                        own(law, "consent_age", years -> (int) years).orElse(0)));
    }

    private Duration required(String section, String name) {
        return section(file, section)
                .flatMap(days -> own(days, name, DAYS))
                .orElseThrow(() -> missing(section + "." + name));
    }

    private static IllegalArgumentException missing(String what) {
        return new IllegalArgumentException("it lacks " + what);
    }

    /** A market may lower what holds everywhere, not raise it. */
    private static Duration lower(Map<String, Object> law, String section, String name, Duration standard) {
        return section(law, section)
                .flatMap(days -> own(days, name, DAYS))
                .filter(own -> own.compareTo(standard) < 0)
                .orElse(standard);
    }

    private static <T> Optional<T> own(Map<String, Object> section, String name, LongFunction<T> unit) {
        return Optional.ofNullable((Number) section.get(name)).map(number -> unit.apply(number.longValue()));
    }

    private static Optional<Map<String, Object>> section(Map<String, Object> parent, String name) {
        return asSection(parent == null ? null : parent.get(name));
    }

    @SuppressWarnings("unchecked") // the file's maps have names for keys
    private static Optional<Map<String, Object>> asSection(Object value) {
        return value instanceof Map<?, ?> ? Optional.of((Map<String, Object>) value) : Optional.empty();
    }
}
