package org.domicile.client.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.domicile.client.restic.Backup;
import org.domicile.client.restic.BackupReport;
import org.domicile.client.restic.Excludes;
import org.domicile.client.restic.Repository;
import org.domicile.client.restic.Tuning;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description = "Back a folder up, encrypted here: only what is new is sent. Run it again after an interruption.",
        footer = "%nExample: ./domicile backup ~/Pictures --exclude '*.tmp' --exclude '**/cache' --limit-upload 2048")
final class BackupCommand extends ClientCommand {
    @Parameters(paramLabel = "DIR", description = "the folder")
    Path folder;

    @Option(
            names = "--exclude",
            paramLabel = "PATTERN",
            description = "leave out what matches, as restic does: *, ?, [a-z], ** for any folders; may be repeated")
    List<String> excludes = new ArrayList<>();

    @Option(
            names = "--exclude-file",
            paramLabel = "FILE",
            description = "read patterns from a file, one a line; may be repeated")
    List<Path> excludeFiles = new ArrayList<>();

    @Mixin
    BandwidthOptions bandwidth;

    @Override
    int run() throws IOException {
        Excludes patterns = patterns();
        Workplace workplace = workplace();
        ProgressPrinter progress = progress("backing up");
        BackupReport report;
        try (Repository repository = workplace.repository(true, bandwidth.upload(), bandwidth.download())) {
            report = new Backup(repository, workplace.origin(), Tuning.standard())
                    .excluding(patterns)
                    .run(folder, progress);
            progress.done();
            if (workplace.repositoryMade()) {
                explainRecovery(repository, workplace);
            }
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
                    .put("excluded", report.excluded())
                    .set("skipped", MAPPER.valueToTree(report.skipped())));
        }
        report.warnings().forEach(this::say);
        say("Snapshot " + report.snapshot().brief() + ": " + Text.count(report.files(), "file") + ", "
                + Text.bytes(report.progress().doneBytes()) + " (" + report.unchanged() + " unchanged), sent "
                + Text.bytes(report.progress().sentBytes()) + " in "
                + Text.duration(report.progress().elapsed()) + ".");
        return report.skipped().isEmpty() ? OK : PARTLY;
    }

    /** Once, at set-up. */
    private void explainRecovery(Repository repository, Workplace workplace) throws IOException {
        say(RecoveryKeys.WARNING);
        if (!json && Terminal.isInteractive() && prompt().yes("Make a recovery key of 24 words now?")) {
            RecoveryKeys.lines(new RecoveryKeys(repository, workplace).create(false))
                    .forEach(this::say);
        } else {
            say("Make a recovery key with './domicile recovery create'.");
        }
    }

    private Excludes patterns() throws IOException {
        List<String> all = new ArrayList<>(excludes);
        for (Path file : excludeFiles) {
            all.addAll(Excludes.read(file));
        }
        return Excludes.of(all);
    }
}
