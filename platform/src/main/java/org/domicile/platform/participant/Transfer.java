package org.domicile.platform.participant;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
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
 * @param brace what was done before the freeze
 * @param looked the last look after which it rested for long; null = it did not, since it began
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
        String trace,
        Brace brace,
        Looked looked) {
    static final Transfer NONE =
            new Transfer(null, 0, null, null, null, new JsonObject(), 0, 0, null, null, Brace.NONE, null);

    /**
     * What a look at a copy found that had nothing more to take.
     *
     * @param counter the source's
     * @param rest until the next look
     */
    record Looked(long counter, Duration rest) {}

    /**
     * What was done before a freeze so that writes need not wait for it.
     *
     * @param epoch of the FREEZE for which what is kept outside the database is final and digested; 0 = none
     * @param level counter of the account at which the MACs were in line with the records
     * @param digests class → version, count and digest of the classes whose MACs have not changed since
     * @param shadow at the source: class → version, count and digest of what the shadow had then; empty = it did not say
     */
    record Brace(long epoch, long level, JsonObject digests, JsonObject shadow) {
        static final Brace NONE = new Brace(0, -1, new JsonObject());

        Brace(long epoch, long level, JsonObject digests) {
            this(epoch, level, digests, new JsonObject());
        }

        /** At the shadow MACs change only with their records: it is always in line. */
        Brace alwaysLevel(long counter) {
            return new Brace(epoch, counter, digests, shadow);
        }
    }

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
