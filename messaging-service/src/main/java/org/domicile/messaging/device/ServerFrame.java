package org.domicile.messaging.device;

import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.UUID;
import org.domicile.messaging.queue.Message;

/** What the server says, in the autopush protocol. {@link #json()} is the wire form. */
public sealed interface ServerFrame {
    String json();

    /** @param uaid another one than the device sent tells it that its subscriptions are gone */
    record Hello(UUID uaid) implements ServerFrame {
        @Override
        public String json() {
            return new JsonObject()
                    .put("messageType", "hello")
                    .put("uaid", uaid.toString().replace("-", ""))
                    .put("status", 200)
                    .put("use_webpush", true)
                    .put("broadcasts", new JsonObject())
                    .encode();
        }
    }

    /** @param status an HTTP status; @param endpoint empty unless 200 */
    record Registered(UUID channel, int status, String endpoint) implements ServerFrame {
        @Override
        public String json() {
            return new JsonObject()
                    .put("messageType", "register")
                    .put("channelID", channel.toString())
                    .put("status", status)
                    .put("pushEndpoint", endpoint)
                    .encode();
        }

        /** Redacted: the endpoint is a capability. */
        @Override
        public String toString() {
            return "Registered[" + channel + ", " + status + "]";
        }
    }

    record Unregistered(UUID channel, int status) implements ServerFrame {
        @Override
        public String json() {
            return new JsonObject()
                    .put("messageType", "unregister")
                    .put("channelID", channel.toString())
                    .put("status", status)
                    .encode();
        }
    }

    record Notification(Message message) implements ServerFrame {
        @Override
        public String json() {
            var json = new JsonObject()
                    .put("messageType", "notification")
                    .put("channelID", message.channel().toString())
                    .put("version", message.id().toString());
            if (message.body().length > 0) {
                json.put("data", Base64.getUrlEncoder().withoutPadding().encodeToString(message.body()))
                        .put("headers", new JsonObject().put("encoding", "aes128gcm"));
            }
            return json.encode();
        }
    }

    /** @param status 200, or 400 if the urgency is not known */
    record UrgencySet(int status) implements ServerFrame {
        @Override
        public String json() {
            return new JsonObject()
                    .put("messageType", "urgency")
                    .put("status", status)
                    .encode();
        }
    }

    record Pong() implements ServerFrame {
        @Override
        public String json() {
            return "{}";
        }
    }
}
