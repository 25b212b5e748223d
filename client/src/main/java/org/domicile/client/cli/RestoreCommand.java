package org.domicile.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.Restore;
import org.domicile.client.restic.RestorePlan;
import org.domicile.client.restic.Snapshot;
import org.domicile.client.restic.Tuning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Option(names = "--dry-run", description = "only say what would be written, and whether there is room")
    boolean dryRun;

    @Mixin
    BandwidthOptions bandwidth;

    @Override
    int run() throws IOException {
        try (Repository repository = workplace().repository(false, bandwidth.upload(), bandwidth.download())) {
            Snapshot snapshot = repository.snapshot(id).snapshot();
            Restore restore = new Restore(repository, Tuning.standard());
            return dryRun ? plan(restore.plan(snapshot, target)) : restore(restore, snapshot);
        }
    }

    private int plan(RestorePlan plan) {
        if (json) {
            print(MAPPER.valueToTree(plan));
        }
        plan.conflicts().forEach(this::say);
        say("Would restore " + Text.count(plan.files(), "file") + ", " + Text.bytes(plan.bytes()) + " into " + target
                + " (" + plan.replaced() + " would be replaced), receiving " + Text.bytes(plan.fetchBytes()) + "; "
                + Text.bytes(plan.freeBytes()) + " are free there.");
        if (plan.bytes() > plan.freeBytes()) {
            say("There is no room for it: free " + Text.bytes(plan.bytes() - plan.freeBytes())
                    + " or choose another folder.");
        }
        return plan.isPossible() ? OK : PARTLY;
    }

    private int restore(Restore restore, Snapshot snapshot) throws IOException {
        ProgressPrinter progress = progress("restoring");
        Restore.Report report;
        try {
            report = restore.run(snapshot, target, progress);
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
