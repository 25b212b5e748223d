package org.domicile.client.restic;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts, and tells a listener at most five times a second. Safe for threads. */
final class ProgressMeter {
    private static final long INTERVAL_MILLIS = 200;
    /** The rate is that of so many reports. */
    private static final int SAMPLES = 50;

    private record Sample(long millis, long bytes) {}

    private final Progress.Listener listener;
    private final Clock clock;
    private final Instant start;
    private final AtomicLong lastReport = new AtomicLong();
    private final LongAdder doneBytes = new LongAdder();
    private final LongAdder doneFiles = new LongAdder();
    private final LongAdder totalBytes = new LongAdder();
    private final LongAdder totalFiles = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final Deque<Sample> samples = new ArrayDeque<>();
    private volatile boolean counted;

    ProgressMeter(Progress.Listener listener, Clock clock) {
        this.listener = listener;
        this.clock = clock;
        this.start = clock.instant();
        this.samples.add(new Sample(start.toEpochMilli(), 0));
    }

    void expect(long files, long bytes) {
        totalFiles.add(files);
        totalBytes.add(bytes);
    }

    void counted() {
        counted = true;
    }

    void bytes(long count) {
        doneBytes.add(count);
        report();
    }

    void file() {
        doneFiles.increment();
        report();
    }

    void sent(long bytes) {
        sentBytes.add(bytes);
        report();
    }

    long sentBytes() {
        return sentBytes.sum();
    }

    synchronized Progress now() {
        return new Progress(
                doneBytes.sum(),
                Math.max(totalBytes.sum(), doneBytes.sum()),
                doneFiles.sum(),
                Math.max(totalFiles.sum(), doneFiles.sum()),
                sentBytes.sum(),
                Duration.between(start, clock.instant()),
                rate(),
                counted);
    }

    private void report() {
        long now = clock.millis();
        long last = lastReport.get();
        if (now - last >= INTERVAL_MILLIS && lastReport.compareAndSet(last, now)) {
            tell();
        }
    }

    private long rate() {
        Sample oldest = samples.getFirst();
        return (doneBytes.sum() - oldest.bytes()) * 1000 / Math.max(1, clock.millis() - oldest.millis());
    }

    private synchronized void tell() {
        samples.addLast(new Sample(clock.millis(), doneBytes.sum()));
        if (samples.size() > SAMPLES) {
            samples.removeFirst();
        }
        listener.progress(now());
    }

    void finish() {
        counted = true;
        tell();
    }
}
