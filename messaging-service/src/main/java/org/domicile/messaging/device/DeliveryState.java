package org.domicile.messaging.device;

/**
 * Where a message stands on one connection.
 *
 * <pre>
 *   WAITING ──SEND──▶ IN_FLIGHT ──ACK──▶ DELETING ──DELETED──▶ GONE
 *                        │                   ▲
 *                        NACK                │
 *                        ▼                   │
 *                    SET_ASIDE ─────ACK──────┘
 * </pre>
 *
 * A message of TTL 0 that nobody wants a receipt of has no row: its ACK and its NACK lead to GONE at once. When the connection ends, what is not GONE is a
 * waiting row again and waits for the next connection; a row that was being deleted may come once more, with the same version.
 * Events that do not fit the state change nothing: a device may acknowledge twice, or what it never got.
 */
public enum DeliveryState {
    WAITING,
    IN_FLIGHT,
    SET_ASIDE,
    DELETING,
    GONE;

    /** What happens to a message. */
    public enum Event {
        SEND,
        ACK,
        NACK,
        DELETED
    }

    /** The state after the event. @param tracked whether the message has a row that must be deleted or a receipt to settle */
    public DeliveryState on(Event event, boolean tracked) {
        return switch (this) {
            case WAITING -> event == Event.SEND ? IN_FLIGHT : this;
            case IN_FLIGHT ->
                switch (event) {
                    case ACK -> tracked ? DELETING : GONE;
                    case NACK -> tracked ? SET_ASIDE : GONE;
                    case SEND, DELETED -> this;
                };
            case SET_ASIDE -> event == Event.ACK ? DELETING : this;
            case DELETING -> event == Event.DELETED ? GONE : this;
            case GONE -> this;
        };
    }

    /** Whether the message takes one of the places of the window. */
    public boolean occupiesWindow() {
        return this == IN_FLIGHT || this == DELETING;
    }
}
