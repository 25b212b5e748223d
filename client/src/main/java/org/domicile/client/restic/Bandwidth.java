package org.domicile.client.restic;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/**
 * How fast bytes may pass, all threads together: a bucket that holds a tenth of a second's worth. Safe for threads.
 */
public final class Bandwidth {
    private static final int PIECE = 16 * 1024;

    private final long bytesPerSecond;
    /** When all that was let through will have passed, {@link System#nanoTime}. */
    private long busyUntil;

    private Bandwidth(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
        this.busyUntil = System.nanoTime();
    }

    public static Bandwidth unlimited() {
        return new Bandwidth(0);
    }

    /** @param kibibytes per second, as restic's {@code --limit-upload} counts; 0 for no limit */
    public static Bandwidth of(int kibibytes) {
        if (kibibytes < 0) {
            throw new IllegalArgumentException("A bandwidth limit is a number of KiB a second, or 0 for none");
        }
        return new Bandwidth(1024L * kibibytes);
    }

    boolean isLimited() {
        return bytesPerSecond > 0;
    }

    /** Nanoseconds to wait before these bytes, or, if they have passed, before the next. */
    synchronized long reserve(int bytes) {
        if (!isLimited()) {
            return 0;
        }
        long now = System.nanoTime();
        long start = Math.max(busyUntil, now - TimeUnit.MILLISECONDS.toNanos(100));
        busyUntil = start + bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
        return Math.max(0, busyUntil - now);
    }

    /** The same bytes, at this pace. */
    InputStream limit(InputStream input) {
        return isLimited() ? new Limited(input) : input;
    }

    private final class Limited extends FilterInputStream {
        Limited(InputStream input) {
            super(input);
        }

        @Override
        public int read() throws IOException {
            await(1);
            return super.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = super.read(target, offset, Math.min(length, PIECE));
            await(Math.max(0, count));
            return count;
        }

        private void await(int bytes) throws IOException {
            try {
                TimeUnit.NANOSECONDS.sleep(reserve(bytes));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("The transfer was interrupted");
            }
        }
    }
}
