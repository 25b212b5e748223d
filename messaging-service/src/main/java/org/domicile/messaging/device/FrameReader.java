package org.domicile.messaging.device;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.domicile.messaging.device.ClientFrame.Taken;
import org.domicile.messaging.queue.Urgency;

/** Reads a text frame into a valid {@link ClientFrame}, or names the close code. */
final class FrameReader {
    static final int MAX_LENGTH = 16 * 1024;
    private static final int DELIVERED = 100;

    private FrameReader() {}

    static ClientFrame read(String text) throws BadFrame {
        if (text.length() > MAX_LENGTH) {
            throw new BadFrame(CloseReason.TOO_LARGE);
        }
        try {
            return read(new JsonObject(text));
        } catch (DecodeException | ClassCastException e) {
            throw new BadFrame(CloseReason.MALFORMED);
        }
    }

    private static ClientFrame read(JsonObject json) throws BadFrame {
        if (json.isEmpty()) {
            return new ClientFrame.Ping();
        }
        return switch (string(json, "messageType")) {
            case "hello" -> new ClientFrame.Hello(optional(json, "uaid").filter(uaid -> !uaid.isEmpty()));
            case "register" -> new ClientFrame.Register(uuid(json, "channelID"), optional(json, "key"));
            case "unregister" -> new ClientFrame.Unregister(uuid(json, "channelID"));
            case "ack" -> new ClientFrame.Ack(updates(json));
            case "nack" -> new ClientFrame.Nack(string(json, "version"));
            case "urgency" -> new ClientFrame.LeastUrgency(Urgency.find(string(json, "min")));
            case "broadcast_subscribe" -> new ClientFrame.BroadcastSubscribe();
            case "ping" -> new ClientFrame.Ping();
            default -> throw new BadFrame(CloseReason.UNKNOWN_MESSAGE);
        };
    }

    private static List<Taken> updates(JsonObject json) throws BadFrame {
        var array = json.getJsonArray("updates");
        if (array == null) {
            throw new BadFrame(CloseReason.MALFORMED);
        }
        var updates = new ArrayList<Taken>(array.size());
        for (int i = 0; i < array.size(); i++) {
            var update = array.getJsonObject(i);
            if (update == null) {
                throw new BadFrame(CloseReason.MALFORMED);
            }
            updates.add(new Taken(
                    uuid(update, "channelID"), string(update, "version"), update.getInteger("code", DELIVERED)));
        }
        return updates;
    }

    private static UUID uuid(JsonObject json, String name) throws BadFrame {
        var text = string(json, name);
        try {
            var value = UUID.fromString(text);
            if (value.toString().equalsIgnoreCase(text)) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // refused below, like a UUID that is not in its canonical form
        }
        throw new BadFrame(CloseReason.MALFORMED);
    }

    private static String string(JsonObject json, String name) throws BadFrame {
        return optional(json, name).orElseThrow(() -> new BadFrame(CloseReason.MALFORMED));
    }

    private static Optional<String> optional(JsonObject json, String name) throws BadFrame {
        return switch (json.getValue(name)) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            default -> throw new BadFrame(CloseReason.MALFORMED);
        };
    }

    /** A frame that ends the connection. */
    static final class BadFrame extends Exception {
        private final CloseReason reason;

        BadFrame(CloseReason reason) {
            super(reason.text(), null, false, false);
            this.reason = reason;
        }

        CloseReason reason() {
            return reason;
        }
    }
}
