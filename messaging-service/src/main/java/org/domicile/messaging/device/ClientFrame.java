package org.domicile.messaging.device;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.domicile.messaging.queue.Urgency;

/** What a device says, in the autopush protocol; read by {@link FrameReader}. Members that are not known are ignored. */
public sealed interface ClientFrame {
    /** The first frame. @param uaid the id that an earlier hello was answered with; empty from a device that knows of none */
    record Hello(Optional<String> uaid) implements ClientFrame {
        /** Whether the device brings another id than this one, of which autopush writes the hexadecimal digits alone. */
        boolean contradicts(UUID known) {
            return uaid.filter(text -> !digits(text).equals(digits(known.toString())))
                    .isPresent();
        }

        private static String digits(String uaid) {
            return uaid.replace("-", "").toLowerCase(Locale.ROOT);
        }
    }

    /** Asks for an endpoint. @param key the only application server that may use it, base64url; checked by the handler */
    record Register(UUID channel, Optional<String> key) implements ClientFrame {}

    record Unregister(UUID channel) implements ClientFrame {}

    /** Messages that the device has taken; the server deletes them. */
    record Ack(List<Taken> updates) implements ClientFrame {}

    /** @param code 100 delivered, 101 could not be decrypted, 102 not delivered; in each case the device wants it no more */
    record Taken(UUID channel, String version, int code) {}

    /** The device could not handle the message now; it stays, and is not sent again on this connection. */
    record Nack(String version) implements ClientFrame {}

    /** Messages that matter less are to wait. @param least empty if the word is not known */
    record LeastUrgency(Optional<Urgency> least) implements ClientFrame {}

    /** Tolerated: this server has no broadcasts. */
    record BroadcastSubscribe() implements ClientFrame {}

    record Ping() implements ClientFrame {}
}
