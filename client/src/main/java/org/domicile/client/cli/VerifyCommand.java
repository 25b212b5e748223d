package org.domicile.client.cli;

import java.io.IOException;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.Tuning;
import org.domicile.client.restic.Verify;
import picocli.CommandLine.Command;

@Command(
        name = "verify",
        description = "Read the whole backup back and check every byte. Exit code 3 if anything is damaged.",
        footer = "%nExample: ./domicile verify")
final class VerifyCommand extends ClientCommand {

    @Override
    int run() throws IOException {
        ProgressPrinter progress = progress("verifying");
        Verify.Report report;
        try (Repository repository = workplace().repository(false)) {
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
                    .set("damage", MAPPER.valueToTree(report.damage())));
        }
        report.damage().forEach(this::say);
        say(report.safe() + " of " + Text.count(report.files(), "file") + " safe in "
                + Text.count(report.snapshots().size(), "snapshot") + " ("
                + Text.bytes(report.progress().doneBytes()) + " read back).");
        return report.isSafe() ? OK : PARTLY;
    }
}
