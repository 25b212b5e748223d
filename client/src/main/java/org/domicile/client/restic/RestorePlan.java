package org.domicile.client.restic;

import java.util.List;

/**
 * What a restore would do.
 *
 * @param bytes content of the files
 * @param fetchBytes what would be received for it
 * @param replaced files among them that exist at the target and would be replaced
 * @param conflicts one sentence for each entry that cannot be restored there
 * @param freeBytes room at the target now
 */
public record RestorePlan(
        long files,
        long folders,
        long links,
        long bytes,
        long fetchBytes,
        long replaced,
        List<String> conflicts,
        long freeBytes) {

    /** Nothing stands in the way; what is replaced needs room until its new content is whole. */
    public boolean isPossible() {
        return conflicts.isEmpty() && bytes <= freeBytes;
    }
}
