package org.domicile.platform.participant;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.domicile.platform.fence.FenceAck.Progress;
import org.domicile.platform.fence.Pace;

/** Measures one pass of a copy: how fast both ends are, when it is time to tell, and how long a pace asks it to rest. */
final class CopyMeter {
    private static final long TELL_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long NANOS_PER_MICRO = 1_000;

    private final Pace pace;
    private long counter;
    private final long began = System.nanoTime();
    private long told = began;
    private long records;
    private long bytes;
    private Long sourceMicros;
    private Long targetMicros;

    /** @param pace null = none */
    CopyMeter(Pace pace) {
        this.pace = pace;
    }

    /** @param version the source's version counter when the pass began */
    void from(long version) {
        counter = version;
    }

    <T> Uni<T> reading(Uni<T> read) {
        return timed(read, micros -> sourceMicros = micros);
    }

    <T> Uni<T> writing(Uni<T> write) {
        return timed(write, micros -> targetMicros = micros);
    }

    /** Versions that the pass has still to copy when it has come to this one. */
    long behind(long version) {
        return Math.max(0, counter - version);
    }

    /** How long the pass has taken so far, rests included. */
    Duration took() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Once a second. */
    boolean shouldTell() {
        var now = System.nanoTime();
        if (now - told < TELL_NANOS) {
            return false;
        }
        told = now;
        return true;
    }

    Progress progress(long copiedRecords, long copiedBytes, long behind) {
        return new Progress(copiedRecords, copiedBytes, behind, sourceMicros, targetMicros);
    }

    /** Counts a batch. @return how long to rest before the next one; zero or less = not at all */
    Duration rest(long batchRecords, long batchBytes) {
        records += batchRecords;
        bytes += batchBytes;
        return pace == null ? Duration.ZERO : pace.least(records, bytes).minusNanos(System.nanoTime() - began);
    }

    private static <T> Uni<T> timed(Uni<T> work, java.util.function.LongConsumer micros) {
        return Uni.createFrom().deferred(() -> {
            var start = System.nanoTime();
            return work.invoke(() -> micros.accept((System.nanoTime() - start) / NANOS_PER_MICRO));
        });
    }
}
