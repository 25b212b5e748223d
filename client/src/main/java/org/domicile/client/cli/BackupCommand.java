package org.domicile.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.domicile.client.restic.Backup;
import org.domicile.client.restic.BackupReport;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.Tuning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = "Back a folder up, encrypted here: only what is new is sent. Run it again after an interruption.",
        footer = "%nExample: ./domicile backup ~/Pictures")
final class BackupCommand extends ClientCommand {
    @Parameters(paramLabel = "DIR", description = "the folder")
    Path folder;

    @Override
    int run() throws IOException {
        Workplace workplace = workplace();
        ProgressPrinter progress = progress("backing up");
        BackupReport report;
        try (Repository repository = workplace.repository(true)) {
            report = new Backup(repository, workplace.origin(), Tuning.standard()).run(folder, progress);
        } finally {
            progress.done();
        }
        if (json) {
            print(MAPPER.createObjectNode()
                    .put("snapshot", report.snapshot().toString())
                    .put("files", report.files())
                    .put("unchanged", report.unchanged())
                    .put("bytes", report.progress().doneBytes())
                    .put("sentBytes", report.progress().sentBytes())
                    .put("millis", report.progress().elapsed().toMillis())
                    .set("warnings", MAPPER.valueToTree(report.warnings())));
        }
        report.warnings().forEach(this::say);
        say("Snapshot " + report.snapshot().brief() + ": " + Text.count(report.files(), "file") + ", "
                + Text.bytes(report.progress().doneBytes()) + " (" + report.unchanged() + " unchanged), sent "
                + Text.bytes(report.progress().sentBytes()) + " in "
                + Text.duration(report.progress().elapsed()) + ".");
        return report.warnings().isEmpty() ? OK : PARTLY;
    }
}
