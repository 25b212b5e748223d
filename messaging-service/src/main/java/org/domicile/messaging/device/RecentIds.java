package org.domicile.messaging.device;

import java.util.UUID;

/** The last ids of one connection's messages and channels that are gone. It holds a part of each, and so may take one for another. */
final class RecentIds {
    private static final int SIZE = 64;

    private final int[] parts = new int[SIZE];
    private int next;

    void add(UUID id) {
        parts[next] = part(id);
        next = (next + 1) % SIZE;
    }

    boolean mayHave(UUID id) {
        var part = part(id);
        for (int each : parts) {
            if (each == part) {
                return true;
            }
        }
        return false;
    }

    /** The end of an id is random. */
    private static int part(UUID id) {
        return (int) id.getLeastSignificantBits();
    }
}
