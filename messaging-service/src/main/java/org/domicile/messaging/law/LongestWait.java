package org.domicile.messaging.law;

import io.quarkus.runtime.annotations.RegisterResources;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.domicile.messaging.MessagingConfig;
import org.domicile.platform.region.ServiceIdentity;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The longest that a message waits for its device: {@code domicile.messaging.max-ttl}, or what the law allows if that is less,
 * {@code retention_days.messages} of {@code markets.yaml} and of every market in it whose accounts may live in this region. A policy
 * that does not say it refuses to start.
 */
@ApplicationScoped
@RegisterResources(globs = "law/markets.yaml")
public class LongestWait {
    private static final String PACKAGED = "/law/markets.yaml";
    private static final String SECTION = "retention_days";
    private static final String DAYS = "messages";

    private final Duration longest;

    @Inject
    public LongestWait(MessagingConfig messaging, MarketsConfig markets, ServiceIdentity identity) {
        var name = markets.file().map(Object::toString).orElse(PACKAGED);
        try (var in = markets.file().isPresent()
                ? Files.newInputStream(markets.file().get())
                : LongestWait.class.getResourceAsStream(PACKAGED)) {
            Map<String, Object> policy = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            var standard = days(policy)
                    .orElseThrow(() ->
                            new IllegalStateException(name + " lacks " + SECTION + "." + DAYS + ": say how many days"));
            this.longest = Stream.concat(
                            Stream.of(messaging.maxTtl(), standard),
                            section(policy, "markets").entrySet().stream()
                                    .filter(market -> mayLive(policy, market.getKey(), identity.region()))
                                    .flatMap(market -> days(market.getValue()).stream()))
                    .min(Duration::compareTo)
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the markets file " + name, e);
        }
    }

    LongestWait() {
        this.longest = null;
    }

    public Duration get() {
        return longest;
    }

    private static boolean mayLive(Map<String, Object> policy, Object market, String region) {
        return Stream.of("allowed_regions", "legacy_regions")
                .anyMatch(regions ->
                        section(policy, regions).get(market) instanceof List<?> list && list.contains(region));
    }

    private static Optional<Duration> days(Object policy) {
        return section(policy, SECTION).get(DAYS) instanceof Number days
                ? Optional.of(Duration.ofDays(days.longValue()))
                : Optional.empty();
    }

    private static Map<?, ?> section(Object policy, String name) {
        return policy instanceof Map<?, ?> map && map.get(name) instanceof Map<?, ?> section ? section : Map.of();
    }
}
