package org.domicile.backup.usage;

import java.time.Duration;

/**
 * An account's storage, in bytes.
 *
 * @param usedBytes stored and being uploaded: what the quota counts
 * @param uploadingBytes the part that is being uploaded
 * @param trashBytes deleted by a client and still restorable; not counted
 * @param trashWindow how long something deleted can be restored, seconds
 */
public record Usage(long quotaBytes, long usedBytes, long uploadingBytes, long trashBytes, Duration trashWindow) {}
