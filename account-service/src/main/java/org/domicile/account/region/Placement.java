package org.domicile.account.region;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.region.Regions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The markets that are served, each with its regions. A file that names an unknown region refuses to start. */
@ApplicationScoped
public class Placement {
    private final Map<String, Market> markets = new TreeMap<>();

    @Inject
    public Placement(PlacementConfig config, Regions regions) {
        try (var in = Files.newInputStream(config.file())) {
            Map<String, Map<String, String>> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            file.forEach((id, places) -> {
                var market = new Market(id, places.get("home"), places.getOrDefault("target", places.get("home")));
                market.regions().forEach(regions::get);
                markets.put(id, market);
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the placement file " + config.file(), e);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "the placement file " + config.file()
                            + " is not a map of market to home and target, both regions of the list: " + e.getMessage(),
                    e);
        }
    }

    public Collection<Market> all() {
        return markets.values();
    }

    /** @throws ProblemException UNKNOWN_MARKET */
    public Market get(String id) {
        var market = markets.get(id);
        if (market == null) {
            throw new ProblemException(
                    ErrorCode.UNKNOWN_MARKET, "Use one of the markets that GET /v1/regions lists: " + markets.keySet());
        }
        return market;
    }
}
