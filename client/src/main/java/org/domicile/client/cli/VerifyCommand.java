package org.domicile.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.Tuning;
import org.domicile.client.restic.Verify;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "verify",
        description = "Read the whole backup back and check every byte. Exit code 3 if anything is damaged.",
        footer = "%nExample: ./domicile verify")
final class VerifyCommand extends ClientCommand {
    @Mixin
    BandwidthOptions bandwidth;

    @Override
    int run() throws IOException {
        ProgressPrinter progress = progress("verifying");
        Verify.Report report;
        try (Repository repository = workplace().repository(false, bandwidth.upload(), bandwidth.download())) {
            report = new Verify(repository, Tuning.standard()).run(progress);
        } finally {
            progress.done();
        }
        if (json) {
            print(MAPPER.createObjectNode()
                    .put("files", report.files())
                    .put("safe", report.safe())
                    .put("snapshots", report.snapshots().size())
                    .put("packs", report.packs())
                    .put("bytes", report.progress().doneBytes())
                    .<ObjectNode>set("unsafe", unsafe(report))
                    .set("damage", MAPPER.valueToTree(report.damage())));
        }
        report.damage().forEach(this::say);
        report.unsafe()
                .forEach(file -> say("Not safe: " + file.path() + " in snapshot "
                        + file.snapshot().brief()));
        say("Read back " + Text.bytes(report.progress().doneBytes()) + " of "
                + Text.count(report.snapshots().size(), "snapshot") + ".");
        say(report.safe() + " of " + Text.count(report.files(), "file") + " safe");
        return report.isSafe() ? OK : PARTLY;
    }

    private static ArrayNode unsafe(Verify.Report report) {
        ArrayNode list = MAPPER.createArrayNode();
        report.unsafe().forEach(file -> list.addObject()
                .put("snapshot", file.snapshot().toString())
                .put("path", file.path()));
        return list;
    }
}
