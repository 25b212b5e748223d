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

    @Override
    int run() throws IOException {
        Waves waves = new RegionalWaves(workplace()).of(id);
        if (follow) {
            return new WaveFollower(this, waves).follow(id);
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
}
