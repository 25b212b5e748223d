package org.domicile.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.domicile.client.sdk.Waves;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells a wave what to do. */
abstract class WaveTellCommand extends ClientCommand {
    @Parameters(paramLabel = "WAVE", description = "the wave's id")
    String id;

    private final String order;

    private WaveTellCommand(String order) {
        this.order = order;
    }

    @Override
    int run() throws IOException {
        JsonNode wave = new RegionalWaves(workplace()).of(id).tell(id, order);
        if (json) {
            print(wave);
        } else {
            say(WaveText.line(wave));
        }
        return OK;
    }

    @Command(
            name = "pause",
            description = "Begin no more moves; those under way go on.",
            footer = "%nExample: ./domicile wave pause 01890a5d-ac96-774b-bcce-b302099a8057")
    static final class Pause extends WaveTellCommand {
        Pause() {
            super("pause");
        }
    }

    @Command(
            name = "resume",
            description = "Go on with a paused or halted wave, with a fresh error budget.",
            footer = "%nExample: ./domicile wave resume 01890a5d-ac96-774b-bcce-b302099a8057")
    static final class Resume extends WaveTellCommand {
        Resume() {
            super("resume");
        }
    }

    @Command(
            name = "cancel",
            description = "Begin no more moves, and abort those that can still be aborted.",
            footer = "%nExample: ./domicile wave cancel 01890a5d-ac96-774b-bcce-b302099a8057")
    static final class Cancel extends WaveTellCommand {
        Cancel() {
            super("cancel");
        }
    }

    @Command(
            name = "rollback",
            description =
                    "Bring back every account that still soaks at its new home, within the wave's window and limits,"
                            + " and abort the moves that have not cut over. What is past the point of no return stays, and"
                            + " is listed.",
            footer = "%nExample: ./domicile wave rollback --follow 01890a5d-ac96-774b-bcce-b302099a8057")
    static final class Rollback extends WaveTellCommand {
        @Option(names = "--follow", description = "show its progress until it stops")
        boolean follow;

        Rollback() {
            super("rollback");
        }

        @Override
        int run() throws IOException {
            if (!follow) {
                return super.run();
            }
            Waves waves = new RegionalWaves(workplace()).of(id);
            waves.tell(id, "rollback");
            return new WaveFollower(this, waves).follow(id);
        }
    }
}
