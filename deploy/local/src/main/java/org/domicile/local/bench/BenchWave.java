package org.domicile.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.domicile.client.sdk.Session;
import org.domicile.client.sdk.Waves;
import org.domicile.local.LocalFailure;
import org.domicile.local.demo.Screen;

/** Orders a wave of these accounts as the operator, and follows it to its end. */
final class BenchWave {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> STOPPED = Set.of("DONE", "HALTED", "CANCELLED");

    private final Waves waves;
    private final Screen screen;
    private final Duration look;

    BenchWave(Session operator, Screen screen, Duration look) {
        this.waves = new Waves(operator);
        this.screen = screen;
        this.look = look;
    }

    /** @return the wave as it ended, with every account moved */
    JsonNode run(List<UUID> accounts, int concurrency) throws IOException, InterruptedException {
        return run(accounts, concurrency, 0);
    }

    /**
     * @param tolerated moves that may fail
     * @return the wave as it ended, with every other account moved
     */
    JsonNode run(List<UUID> accounts, int concurrency, int tolerated) throws IOException, InterruptedException {
        var ids = JSON.createArrayNode();
        accounts.forEach(account -> ids.add(account.toString()));
        var wave = JSON.createObjectNode().put("name", "bench").put("to", MigrationBench.TO);
        wave.put("concurrency", concurrency);
        wave.put("errorBudget", tolerated);
        wave.putObject("selector").set("accounts", ids);
        return follow(waves.order(wave).path("id").asText());
    }

    private JsonNode follow(String id) throws IOException, InterruptedException {
        while (true) {
            var wave = waves.get(id);
            screen.progress("%d of %d moved, %.1f a second"
                    .formatted(
                            wave.path("accounts").path("MOVED").asLong(),
                            total(wave),
                            wave.path("accountsPerSecond").asDouble()));
            var state = wave.path("state").asText();
            if (STOPPED.contains(state)) {
                if (!state.equals("DONE")) {
                    throw new LocalFailure("The wave ended as " + state + ": "
                            + wave.path("reason").asText() + " "
                            + wave.path("stuck").path(0));
                }
                return wave;
            }
            Thread.sleep(look);
        }
    }

    private static long total(JsonNode wave) {
        long total = 0;
        for (var count : wave.path("accounts")) {
            total += count.asLong();
        }
        return total;
    }
}
