package org.domicile.migration.ack;

import java.util.LinkedHashMap;
import java.util.Map;
import org.domicile.platform.fence.FenceAck;

/**
 * The acks that this process took last. What a fence waits for is brought directly and on Kafka: the second of the two needs no
 * transaction to find out that it says nothing new. Saves work only: it may be lost.
 */
final class RecentAcks {
    private static final int MOST = 2_000;

    private final Map<FenceAck, Boolean> taken = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<FenceAck, Boolean> eldest) {
            return size() > MOST;
        }
    };

    /** Once it is committed. */
    synchronized void add(FenceAck ack) {
        taken.put(ack, true);
    }

    synchronized boolean contains(FenceAck ack) {
        return taken.containsKey(ack);
    }
}
