package org.domicile.platform.participant;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.domicile.platform.fence.FenceCommand;

/**
 * What a participant remembers of an account's move; one row, so that any instance goes on after a crash.
 *
 * @param task what is left to do; null = nothing
 * @param shadowEpoch epoch of the move's SHADOW command
 * @param grant at the target: the signed SHADOW or FEED command, which opens the source's records
 * @param closing at the target: the CLOSE command that has arrived while still copying
 * @param macKey key of the digests of this move
 * @param trace the span that the task comes of; null = not traced
 * @param cursors class → highest version copied (target)
 */
record Transfer(
        Task task,
        long shadowEpoch,
        String grant,
        FenceCommand closing,
        byte[] macKey,
        JsonObject cursors,
        long records,
        long bytes,
        JsonObject ack,
        String trace) {
    static final Transfer NONE = new Transfer(null, 0, null, null, null, new JsonObject(), 0, 0, null, null);

    /** The work that a command leaves behind when its own transaction has committed. */
    enum Task {
        /** Target: copy from the source until told to close. */
        COPY,
        /** Old home: compare what was kept with what the new home has. */
        CHECK,
        /** Source: digest what has changed, report the manifest. */
        SEAL,
        /** New or returning home: open what the fence row does not cover, then report. */
        SETTLE,
        /** Delete everything, look, report. */
        PURGE
    }

    /** Member of {@code cursors} for classes that have none: at a shadow that is fed, what it held when that began. */
    static final String BASE = "";

    long cursor(String recordClass) {
        return cursors.getLong(recordClass, cursors.getLong(BASE, -1L));
    }

    /** Whether the shadow is the old home, which holds the account as it was at its cut-over. */
    boolean fed() {
        return cursors.containsKey(BASE);
    }

    Optional<FenceCommand> closingCommand() {
        return Optional.ofNullable(closing);
    }
}
