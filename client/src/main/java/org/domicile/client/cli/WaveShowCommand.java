package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.domicile.client.sdk.Waves;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description =
                "Show a wave: progress of each service, rate, expected end, and every stuck account with its reason.",
        footer = "%nExample: ./domicile wave show 01890a5d-ac96-774b-bcce-b302099a8057 --follow")
final class WaveShowCommand extends ClientCommand {
    @Parameters(paramLabel = "WAVE", description = "the wave's id")
    String id;

    @Option(names = "--follow", description = "go on until the wave stops")
    boolean follow;

    @Option(names = "--stuck", description = "every stuck account, not only the 100 that have waited longest")
    boolean stuck;

    @Override
    int run() throws IOException {
        Waves waves = new RegionalWaves(workplace()).of(id);
        if (follow) {
            return new WaveFollower(this, waves).follow(id);
        }
        if (stuck) {
            return stuck(waves);
        }
        JsonNode wave = waves.get(id);
        if (json) {
            print(wave);
        } else {
            say(WaveText.line(wave));
            WaveText.details(wave).forEach(this::say);
        }
        return OK;
    }

    private int stuck(Waves waves) throws IOException {
        JsonNode page = waves.stuck(id, null);
        while (!page.isEmpty()) {
            for (JsonNode account : page) {
                if (json) {
                    print(account);
                } else {
                    say(WaveText.stuck(account));
                }
            }
            page = waves.stuck(id, page.get(page.size() - 1).path("accountId").asText());
        }
        return OK;
    }
}
