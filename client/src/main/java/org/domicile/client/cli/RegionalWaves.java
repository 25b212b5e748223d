package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.domicile.client.http.ProblemException;
import org.domicile.client.sdk.DomicileClient;
import org.domicile.client.sdk.Stack;
import org.domicile.client.sdk.Waves;

/** The waves of all regions: each region has those of the accounts that live there. */
final class RegionalWaves {
    private static final int NOT_FOUND = 404;

    private final DomicileClient client;
    private final Stack stack;
    private final Map<String, Waves> open = new LinkedHashMap<>();

    RegionalWaves(Workplace workplace) throws IOException {
        this.stack = workplace.stack();
        this.client = workplace.client();
        if (stack.operator() == null) {
            throw new CommandException("stack.json names no operator: waves are an operator's");
        }
    }

    List<String> regions() {
        return List.copyOf(client.regions().regions().keySet());
    }

    Waves at(String region) throws IOException {
        Waves waves = open.get(region);
        if (waves == null) {
            waves = new Waves(client.signIn(client.regions().get(region), stack.operator()));
            open.put(region, waves);
        }
        return waves;
    }

    /** The region that has this wave. */
    Waves of(String id) throws IOException {
        for (String region : regions()) {
            try {
                at(region).get(id);
                return at(region);
            } catch (ProblemException e) {
                if (e.status() != NOT_FOUND) {
                    throw e;
                }
            }
        }
        throw new CommandException("No region has a wave " + id + ": see './domicile wave list'");
    }

    /** All waves, region by region. */
    List<JsonNode> all() throws IOException {
        List<JsonNode> waves = new ArrayList<>();
        for (String region : regions()) {
            at(region).list().forEach(waves::add);
        }
        return waves;
    }
}
