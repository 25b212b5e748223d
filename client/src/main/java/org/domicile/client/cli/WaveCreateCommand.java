package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.domicile.client.sdk.Waves;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        description = "Begin a wave, or say with --dry-run what it would be.%n"
                + "Without a selector: all accounts that live elsewhere than their market's target.",
        footer = "%nExample: ./domicile wave create --market SG --to ap-southeast --concurrency 8 --dry-run")
final class WaveCreateCommand extends ClientCommand {
    @Option(names = "--name", paramLabel = "TEXT", description = "what to call it")
    String name;

    @Option(names = "--to", paramLabel = "REGION", description = "the new home; default: each market's target")
    String to;

    @Option(names = "--home", paramLabel = "REGION", description = "where the accounts live now; default: anywhere")
    String home;

    @Option(names = "--market", paramLabel = "CODE", split = ",", description = "only accounts of these markets")
    List<String> markets;

    @Option(names = "--account", paramLabel = "ID", split = ",", description = "only these accounts")
    List<String> accounts;

    @Option(names = "--accounts-file", paramLabel = "FILE", description = "only the accounts in this file, one a line")
    String accountsFile;

    @Option(names = "--label", paramLabel = "LABEL", description = "only accounts that carry the label")
    String label;

    @Option(names = "--percent", paramLabel = "N", description = "only so many of a hundred, always the same ones")
    Integer percent;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many accounts")
    Long limit;

    @Option(
            names = "--window",
            paramLabel = "FROM-UNTIL@ZONE",
            description = "when moves may begin, such as 22:00-05:00@Asia/Singapore")
    String window;

    @Option(names = "--concurrency", paramLabel = "N", description = "most moves at a time; default: 4")
    Integer concurrency;

    @Option(names = "--bytes-per-second", paramLabel = "N", description = "of objects, over all accounts")
    Long bytesPerSecond;

    @Option(names = "--records-per-second", paramLabel = "N", description = "over all accounts")
    Long recordsPerSecond;

    @Option(
            names = "--latency",
            paramLabel = "MILLIS",
            description = "fewer moves at a time while the source or the target is slower than this")
    Long latencyMillis;

    @Option(
            names = "--pause",
            paramLabel = "MILLIS",
            description =
                    "fewer moves at a time while accounts' writes are stopped for longer than this; default: 1000")
    Long pauseMillis;

    @Option(names = "--error-budget", paramLabel = "N", description = "failed moves that are tolerated; default: 0")
    Integer errorBudget;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            description = "how often the move of an account is begun before it counts as failed, 1 to 10; default: 3")
    Integer attempts;

    @Option(names = "--dry-run", description = "only a forecast: accounts, bytes, hours and the law")
    boolean dryRun;

    @Option(names = "--follow", description = "show progress until the wave stops")
    boolean follow;

    @Override
    int run() throws IOException {
        RegionalWaves regions = new RegionalWaves(workplace());
        Map<String, JsonNode> forecasts = forecasts(regions);
        if (dryRun) {
            forecasts.forEach(this::show);
            return OK;
        }
        if (forecasts.size() != 1) {
            throw new CommandException(
                    forecasts.isEmpty()
                            ? "No account is named by this selector: nothing to move"
                            : "The accounts live in " + String.join(" and ", forecasts.keySet())
                                    + ": make a wave for each with --home");
        }
        Waves waves = regions.at(forecasts.keySet().iterator().next());
        JsonNode wave = waves.order(order(false));
        if (follow) {
            return new WaveFollower(this, waves).follow(wave.path("id").asText());
        }
        if (json) {
            print(wave);
        } else {
            say("Wave " + wave.path("id").asText() + " has begun. Follow it with './domicile wave show "
                    + wave.path("id").asText() + " --follow'");
        }
        return OK;
    }

    /** Region → forecast, of the regions that have such accounts. */
    private Map<String, JsonNode> forecasts(RegionalWaves regions) throws IOException {
        Map<String, JsonNode> forecasts = new LinkedHashMap<>();
        for (String region : home == null ? regions.regions() : List.of(home)) {
            if (!region.equals(to)) {
                JsonNode forecast = regions.at(region).order(order(true));
                if (forecast.path("accounts").asLong() > 0) {
                    forecasts.put(region, forecast);
                }
            }
        }
        return forecasts;
    }

    private void show(String region, JsonNode forecast) {
        if (json) {
            print(forecast);
        } else {
            WaveText.forecast(region, forecast).forEach(this::say);
        }
    }

    private ObjectNode order(boolean dry) throws IOException {
        ObjectNode order = MAPPER.createObjectNode().put("dryRun", dry);
        put(order, "name", name);
        put(order, "to", to);
        order.set("selector", selector());
        if (window != null) {
            order.set("window", window());
        }
        if (concurrency != null) {
            order.put("concurrency", concurrency);
        }
        ObjectNode limits = order.putObject("limits");
        if (bytesPerSecond != null) {
            limits.put("bytesPerSecond", bytesPerSecond);
        }
        if (recordsPerSecond != null) {
            limits.put("recordsPerSecond", recordsPerSecond);
        }
        if (latencyMillis != null) {
            limits.put("latency", java.time.Duration.ofMillis(latencyMillis).toString());
        }
        if (pauseMillis != null) {
            limits.put("pause", java.time.Duration.ofMillis(pauseMillis).toString());
        }
        if (errorBudget != null) {
            order.put("errorBudget", errorBudget);
        }
        if (attempts != null) {
            order.put("attempts", attempts);
        }
        return order;
    }

    private ObjectNode selector() throws IOException {
        ObjectNode selector = MAPPER.createObjectNode();
        if (markets != null) {
            selector.set("markets", MAPPER.valueToTree(markets));
        }
        List<String> listed = listed();
        if (listed != null) {
            selector.set("accounts", MAPPER.valueToTree(listed));
        }
        put(selector, "label", label);
        if (percent != null) {
            selector.put("percent", percent);
        }
        if (limit != null) {
            selector.put("limit", limit);
        }
        return selector;
    }

    private List<String> listed() throws IOException {
        if (accountsFile == null) {
            return accounts;
        }
        List<String> all = new ArrayList<>(accounts == null ? List.of() : accounts);
        Path file = path(accountsFile);
        try (Stream<String> lines = Files.lines(file)) {
            lines.map(String::strip).filter(line -> !line.isEmpty()).forEach(all::add);
        }
        return all;
    }

    private ObjectNode window() throws CommandException {
        String[] parts = window.split("[-@]", 3);
        if (parts.length != 3) {
            throw new CommandException("Give the window as FROM-UNTIL@ZONE, such as 22:00-05:00@Asia/Singapore");
        }
        return MAPPER.createObjectNode()
                .put("from", parts[0])
                .put("until", parts[1])
                .put("zone", parts[2]);
    }

    private static void put(ObjectNode node, String field, String value) {
        if (value != null) {
            node.put(field, value);
        }
    }
}
