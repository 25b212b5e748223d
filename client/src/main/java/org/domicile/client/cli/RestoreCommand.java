package org.domicile.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.Restore;
import org.domicile.client.restic.Snapshot;
import org.domicile.client.restic.Tuning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = "Write a snapshot's files into a folder, byte for byte.",
        footer = "%nExample: ./domicile restore latest --to /tmp/restored")
final class RestoreCommand extends ClientCommand {
    @Parameters(paramLabel = "ID", description = "the snapshot: the first digits of its id, or latest")
    String id;

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "the folder to write into")
    Path target;

    @Override
    int run() throws IOException {
        ProgressPrinter progress = progress("restoring");
        Restore.Report report;
        try (Repository repository = workplace().repository(false)) {
            Snapshot.Named named = repository.snapshot(id);
            report = new Restore(repository, Tuning.standard()).run(named.snapshot(), target, progress);
        } finally {
            progress.done();
        }
        if (json) {
            print(MAPPER.createObjectNode()
                    .put("files", report.files())
                    .put("bytes", report.progress().doneBytes())
                    .put("millis", report.progress().elapsed().toMillis())
                    .set("warnings", MAPPER.valueToTree(report.warnings())));
        }
        report.warnings().forEach(this::say);
        say("Restored " + Text.count(report.files(), "file") + ", "
                + Text.bytes(report.progress().doneBytes()) + " into " + target + " in "
                + Text.duration(report.progress().elapsed()) + ".");
        return report.warnings().isEmpty() ? OK : PARTLY;
    }
}
