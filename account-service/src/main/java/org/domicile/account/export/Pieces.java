package org.domicile.account.export;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;

/** Cuts a stream into pieces of a bounded size and hands each on with its number. */
final class Pieces extends OutputStream {
    private static final int SIZE = 256 * 1024;

    private final byte[] buffer = new byte[SIZE];
    private final ObjIntConsumer<byte[]> sink;
    private int filled;
    private int number;

    Pieces(ObjIntConsumer<byte[]> sink) {
        this.sink = sink;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        int at = from;
        while (at < from + length) {
            int taken = Math.min(SIZE - filled, from + length - at);
            System.arraycopy(bytes, at, buffer, filled, taken);
            filled += taken;
            at += taken;
            if (filled == SIZE) {
                handOn();
            }
        }
    }

    @Override
    public void close() {
        if (filled > 0) {
            handOn();
        }
    }

    private void handOn() {
        sink.accept(Arrays.copyOf(buffer, filled), number++);
        filled = 0;
    }
}
