package org.domicile.messaging.device;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.domicile.messaging.device.DeliveryState.Event;
import org.domicile.messaging.queue.Message;

/**
 * Decides what one connection sends next: never more than its capacity unacknowledged, oldest first, nothing twice, and
 * nothing forgotten. It holds ids only; what does not fit stays in the database.
 *
 * <pre>
 *            startReading            fewer rows than asked for
 *   BEHIND ───────────────▶ READING ──────────────────────────▶ CURRENT
 *      ▲                     │   ▲ an offer meanwhile: read again   │
 *      └────── as many rows ─┘                                      │
 *      └──────────── an offer that does not fit ────────────────────┘
 * </pre>
 *
 * A new message is sent straight from memory only when CURRENT, and after the one before it, else it would overtake older ones. Not thread-safe: it
 * belongs to the connection's event loop.
 */
final class DeliveryWindow {
    private enum Feed {
        BEHIND,
        READING,
        CURRENT
    }

    private record Entry(UUID channel, DeliveryState state, boolean tracked) {
        Entry on(Event event) {
            return new Entry(channel, state.on(event, tracked), tracked);
        }
    }

    private final int capacity;
    private final Map<UUID, Entry> entries = new HashMap<>();
    private final RecentIds gone = new RecentIds();
    private Feed feed = Feed.BEHIND;
    private boolean offeredWhileReading;
    private boolean endedWhileReading;
    private int asked;
    private int occupied;

    DeliveryWindow(int capacity) {
        this.capacity = capacity;
    }

    /**
     * A durable message that was just accepted, or a moment ago: it may have been read, sent and acknowledged before.
     *
     * @param before the newest older one that waits for the device; if this connection has not sent it, it goes first
     * @return whether to send the message now
     */
    boolean offer(Message message, Optional<UUID> before) {
        if (entries.containsKey(message.id())) {
            return false;
        }
        if (feed == Feed.CURRENT
                && hasRoom()
                && !gone.mayHave(message.id())
                && !gone.mayHave(message.channel())
                && before.map(entries::containsKey).orElse(true)) {
            return send(message);
        }
        missed();
        return false;
    }

    /** A message of TTL 0, which no row waits for. @return whether to send it now */
    boolean offerOnce(Message message) {
        return hasRoom() && send(message);
    }

    /** Something waits that was not offered here: another instance has accepted it. */
    void missed() {
        if (feed == Feed.READING) {
            offeredWhileReading = true;
        } else {
            feed = Feed.BEHIND;
        }
    }

    /** How many rows to read now; 0 when nothing waits, no place is free, or a read is under way. */
    int startReading() {
        if (feed != Feed.BEHIND || !hasRoom()) {
            return 0;
        }
        feed = Feed.READING;
        offeredWhileReading = false;
        endedWhileReading = false;
        asked = capacity - occupied;
        return asked;
    }

    /** The rows that were read, oldest first. @return those to send */
    List<Message> read(List<Message> rows) {
        if (endedWhileReading) {
            feed = Feed.BEHIND;
            return List.of();
        }
        feed = rows.size() == asked || offeredWhileReading ? Feed.BEHIND : Feed.CURRENT;
        return rows.stream()
                .filter(row -> !entries.containsKey(row.id()))
                .filter(this::send)
                .toList();
    }

    /** The read failed: read again. */
    void readFailed() {
        feed = Feed.BEHIND;
    }

    /** @return whether the message's row must be deleted now */
    boolean ack(UUID id) {
        var before = stateOf(id);
        return apply(id, Event.ACK) == DeliveryState.DELETING && before != DeliveryState.DELETING;
    }

    void nack(UUID id) {
        apply(id, Event.NACK);
    }

    void deleted(Collection<UUID> ids) {
        ids.forEach(id -> apply(id, Event.DELETED));
    }

    /** The device has ended a channel: what was sent of it needs no acknowledgement, and what was read of it meanwhile is not there any more. */
    void ended(UUID channel) {
        gone.add(channel);
        endedWhileReading = true;
        entries.values().removeIf(entry -> {
            var ends = entry.channel.equals(channel);
            occupied -= ends && entry.state.occupiesWindow() ? 1 : 0;
            return ends;
        });
    }

    /** The messages that a read must leave out, because this connection has had them. */
    Set<UUID> known() {
        return Set.copyOf(entries.keySet());
    }

    private boolean send(Message message) {
        entries.put(message.id(), new Entry(message.channel(), DeliveryState.WAITING, message.tracked()));
        apply(message.id(), Event.SEND);
        return true;
    }

    private DeliveryState apply(UUID id, Event event) {
        var before = entries.get(id);
        if (before == null) {
            return DeliveryState.GONE;
        }
        var after = before.on(event);
        occupied += (after.state.occupiesWindow() ? 1 : 0) - (before.state.occupiesWindow() ? 1 : 0);
        if (after.state == DeliveryState.GONE) {
            entries.remove(id);
            gone.add(id);
        } else {
            entries.put(id, after);
        }
        return after.state;
    }

    private DeliveryState stateOf(UUID id) {
        var entry = entries.get(id);
        return entry == null ? DeliveryState.GONE : entry.state;
    }

    private boolean hasRoom() {
        return occupied < capacity;
    }
}
