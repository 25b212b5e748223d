package org.domicile.client.restic;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a backup, restore or verification is.
 *
 * @param doneBytes content handled so far, bytes, stored or known to be stored
 * @param totalBytes all content, bytes; grows while it is still being counted
 * @param sentBytes bytes that crossed to or from the repository
 * @param rate content bytes a second, lately
 */
public record Progress(
        long doneBytes,
        long totalBytes,
        long doneFiles,
        long totalFiles,
        long sentBytes,
        Duration elapsed,
        long rate,
        boolean counted) {

    /** Called a few times a second, from one thread at a time. */
    public interface Listener {
        void progress(Progress progress);
    }

    /** Time left at the present rate, once the total is known. */
    public Optional<Duration> remaining() {
        if (!counted || rate == 0) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Math.max(0, totalBytes - doneBytes) / rate));
    }
}
