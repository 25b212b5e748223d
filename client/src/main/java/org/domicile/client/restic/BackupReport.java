package org.domicile.client.restic;

import java.util.List;

/**
 * What a backup did.
 *
 * @param files files in the snapshot
 * @param unchanged files among them that were not read, because size and times are as in the snapshot before
 * @param warnings one sentence for each thing that could not be read; the snapshot lacks it
 */
public record BackupReport(Id snapshot, long files, long unchanged, Progress progress, List<String> warnings) {}
