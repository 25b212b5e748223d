package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List the waves of all regions.", footer = "%nExample: ./domicile wave list")
final class WaveListCommand extends ClientCommand {
    @Override
    int run() throws IOException {
        List<JsonNode> waves = new RegionalWaves(workplace()).all();
        if (json) {
            print(MAPPER.valueToTree(waves));
        } else if (waves.isEmpty()) {
            say("There is no wave: begin one with './domicile wave create'");
        } else {
            waves.forEach(wave -> say(WaveText.line(wave)));
        }
        return OK;
    }
}
