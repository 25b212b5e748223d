package org.domicile.migration.law;

import io.quarkus.runtime.annotations.RegisterResources;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.domicile.platform.law.MarketsConfig;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads markets and placement; a file that does not say what it must refuses to start and names the file. */
@ApplicationScoped
@RegisterResources(globs = "law/markets.yaml")
public class LawFiles {
    private static final String PACKAGED = "/law/markets.yaml";

    @Produces
    @Singleton
    public TransferLaw transferLaw(MarketsConfig config) {
        return config.file().map(LawFiles::law).orElseGet(LawFiles::packagedLaw);
    }

    @Produces
    @Singleton
    public Placement placement(PlacementConfig config) {
        return config.file().map(LawFiles::placement).orElse(new Placement(Map.of()));
    }

    public static TransferLaw packagedLaw() {
        try (var in = LawFiles.class.getResourceAsStream(PACKAGED)) {
            return law(in, "the packaged " + PACKAGED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TransferLaw law(Path file) {
        try (var in = Files.newInputStream(file)) {
            return law(in, file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the markets file " + file, e);
        }
    }

    static TransferLaw law(InputStream in, String name) {
        try {
            Map<String, Object> root = yaml().load(in);
            var regions = new HashMap<String, Set<String>>();
            map(root.get("allowed_regions")).forEach((market, list) -> regions.put(market, texts(list)));
            var legacy = new HashMap<String, Set<String>>();
            if (root.get("legacy_regions") != null) {
                map(root.get("legacy_regions")).forEach((market, list) -> legacy.put(market, texts(list)));
            }
            var dataClasses = texts(root.get("data_classes"));
            var held = list(root.get("transfers_held")).stream()
                    .map(entry -> basis(map(entry), dataClasses))
                    .toList();
            return new TransferLaw(regions, legacy, ceilings(root), List.copyOf(dataClasses), held);
        } catch (RuntimeException e) {
            throw new IllegalStateException("cannot use the markets of " + name + ": " + e.getMessage(), e);
        }
    }

    /** Standard contracts and certification end where a security assessment is needed; an exemption ends earlier. */
    private static Map<String, Map<String, Long>> ceilings(Map<String, Object> root) {
        var ceilings = new HashMap<String, Map<String, Long>>();
        var markets = root.get("markets") == null ? Map.<String, Object>of() : map(root.get("markets"));
        markets.forEach((market, policy) -> {
            var transfer = map(policy).get("transfer");
            var most = new HashMap<String, Long>();
            if (transfer != null && map(transfer).get("exempt_below_people") instanceof Number people) {
                most.put("exempt", people.longValue());
            }
            if (transfer != null && map(transfer).get("assessment_above_people") instanceof Number people) {
                most.put("scc", people.longValue());
                most.put("certification", people.longValue());
            }
            if (!most.isEmpty()) {
                ceilings.put(market, Map.copyOf(most));
            }
        });
        return ceilings;
    }

    static Placement placement(Path file) {
        try (var in = Files.newInputStream(file)) {
            Map<String, Object> root = yaml().load(in);
            return new Placement(root.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> text(map(e.getValue()), "target"))));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the placement file " + file, e);
        } catch (RuntimeException e) {
            throw new IllegalStateException("cannot use the placement file " + file + ": " + e.getMessage(), e);
        }
    }

    private static TransferBasis basis(Map<String, Object> entry, Set<String> dataClasses) {
        var classes = entry.get("classes");
        return new TransferBasis(
                text(entry, "from"),
                text(entry, "to"),
                texts(entry.get("markets")),
                "all".equals(classes) ? dataClasses : texts(classes),
                text(entry, "basis"),
                text(entry, "evidence"),
                date(entry.get("until")));
    }

    private static LocalDate date(Object value) {
        return value instanceof Date date
                ? date.toInstant().atZone(ZoneOffset.UTC).toLocalDate()
                : LocalDate.parse(String.valueOf(value));
    }

    private static String text(Map<String, Object> entry, String key) {
        if (entry.get(key) == null) {
            throw new IllegalArgumentException("an entry lacks \"" + key + "\": " + entry);
        }
        return entry.get(key).toString();
    }

    private static Set<String> texts(Object list) {
        return list(list).stream().map(String::valueOf).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<?> list(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("a list is expected, not " + value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("a mapping is expected, not " + value);
    }

    private static Yaml yaml() {
        return new Yaml(new SafeConstructor(new LoaderOptions()));
    }
}
