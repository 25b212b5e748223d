package org.domicile.backup.withdrawal;

import io.quarkus.runtime.annotations.RegisterResources;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.domicile.platform.retention.RetentionClass;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * How long a backup is kept after its owner switched it off: {@code grace_days.backup_after_withdrawal} of the markets' policy, which a
 * market may lower with a {@code grace_days} of its own. A policy that does not say it refuses to start.
 */
@ApplicationScoped
@RegisterResources(globs = "law/markets.yaml")
public class WithdrawalGrace {
    private static final String PACKAGED = "/law/markets.yaml";
    private static final String SECTION = "grace_days";
    private static final String DAYS = "backup_after_withdrawal";

    private final Duration standard;
    private final Map<String, Duration> markets = new HashMap<>();

    @Inject
    public WithdrawalGrace(MarketsConfig config) {
        var name = config.file().map(Object::toString).orElse(PACKAGED);
        try (var in = config.file().isPresent()
                ? Files.newInputStream(config.file().get())
                : WithdrawalGrace.class.getResourceAsStream(PACKAGED)) {
            Map<String, Object> policy = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            this.standard = days(policy)
                    .orElseThrow(() ->
                            new IllegalStateException(name + " lacks " + SECTION + "." + DAYS + ": say how many days"));
            section(policy, "markets").forEach(this::lower);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the markets file " + name, e);
        }
    }

    private void lower(String market, Object law) {
        if (law instanceof Map<?, ?> own) {
            days(own).filter(days -> days.compareTo(standard) < 0).ifPresent(days -> markets.put(market, days));
        }
    }

    /** @param market null where it is not known here */
    public Duration of(String market) {
        return market == null ? standard : markets.getOrDefault(market, standard);
    }

    public Duration longest() {
        return standard;
    }

    /** SQL: when the grace of a withdrawal at a time, given as SQL, is over, where {@code m} is {@code account_market}. */
    public String due(String at) {
        var grace = new StringBuilder("case m.market");
        // the keys are those of a checked file, and quoted nevertheless
        new TreeMap<>(markets)
                .forEach((market, days) -> grace.append(
                        " when '" + market.replace("'", "''") + "' then interval '" + days.toSeconds() + " seconds'"));
        return markets.isEmpty()
                ? RetentionClass.after(at, standard)
                : at + " + " + grace + " else interval '" + standard.toSeconds() + " seconds' end";
    }

    private static Optional<Duration> days(Map<?, ?> policy) {
        return Optional.ofNullable((Number) section(policy, SECTION).get(DAYS))
                .map(days -> Duration.ofDays(days.longValue()));
    }

    @SuppressWarnings("unchecked") // the file's maps have names for keys
    private static Map<String, Object> section(Map<?, ?> policy, String name) {
        var section = policy.get(name);
        return section == null ? Map.of() : (Map<String, Object>) section;
    }
}
