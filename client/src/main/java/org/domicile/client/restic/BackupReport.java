package org.domicile.client.restic;

import java.util.List;

/**
 * What a backup did.
 *
 * @param files files in the snapshot
 * @param unchanged files among them that were not read, because size and times are as in the snapshot before
 * @param excluded files and folders that a pattern left out; what is below such a folder is not counted
 * @param skipped what is not in the snapshot, or not surely whole, each with its reason
 */
public record BackupReport(
        Id snapshot, long files, long unchanged, long excluded, Progress progress, List<Skipped> skipped) {

    /** One sentence for each thing that was skipped. */
    public List<String> warnings() {
        return skipped.stream().map(Skipped::sentence).toList();
    }
}
