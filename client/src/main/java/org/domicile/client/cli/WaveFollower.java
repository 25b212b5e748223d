package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Set;
import org.domicile.client.sdk.Waves;

/** Shows a wave's progress until it stops: done, rolled back, cancelled, halted or paused. */
final class WaveFollower {
    private static final Set<String> STOPPED =
            Set.of("DONE", "CANCELLED", "HALTED", "PAUSED", "ROLLED_BACK", "ROLLBACK_HALTED", "ROLLBACK_PAUSED");
    private static final long POLL_MILLIS = 1_000;

    private final ClientCommand command;
    private final Waves waves;

    WaveFollower(ClientCommand command, Waves waves) {
        this.command = command;
        this.waves = waves;
    }

    int follow(String id) throws IOException {
        String shown = "";
        while (true) {
            JsonNode wave = waves.get(id);
            String line = WaveText.line(wave);
            if (!line.equals(shown)) {
                shown = line;
                command.say(line);
            }
            String state = wave.path("state").asText();
            if (STOPPED.contains(state)) {
                WaveText.details(wave).forEach(command::say);
                if (command.json) {
                    command.print(wave);
                }
                boolean whole = state.equals("DONE")
                        || state.equals("ROLLED_BACK") && wave.path("stuck").isEmpty();
                return whole ? ClientCommand.OK : ClientCommand.PARTLY;
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("Following was interrupted; the wave goes on");
        }
    }
}
