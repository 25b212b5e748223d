package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.domicile.client.http.Http;

/** Device-to-device messages: Web Push to inboxes that their owners published. Content is encrypted before it leaves. */
public final class Messenger {
    private final Http http;
    private final Session session;
    private final SecureRandom random;

    public Messenger(Http http, Session session, SecureRandom random) {
        this.http = http;
        this.session = session;
        this.random = random;
    }

    /** Where one device takes messages. The endpoint is a capability: {@link #toString()} does not show it. */
    public record Inbox(String deviceId, URI endpoint, InboxKeys.PublicInbox keys) {
        @Override
        public String toString() {
            return "Inbox[" + deviceId + "]";
        }
    }

    /** Makes this device findable by those who know the owner's number, if the owner consented to discoverability. */
    public void publish(Inbox inbox) throws IOException {
        ObjectNode body = Json.object()
                .put("deviceId", inbox.deviceId())
                .put("endpoint", inbox.endpoint().toString())
                .put("p256dh", inbox.keys().p256dh())
                .put("auth", inbox.keys().auth());
        session.put(Service.MESSAGING, "/v1/me/inbox", body);
    }

    /** The inboxes of someone's devices; none when the number is unknown or its owner does not want to be found. */
    public List<Inbox> find(Identifier identifier) throws IOException {
        ObjectNode query = Json.object().put(identifier.kind().field(), identifier.value());
        List<Inbox> found = new ArrayList<>();
        for (JsonNode device :
                session.post(Service.MESSAGING, "/v1/directory/lookup", query).path("devices")) {
            found.add(new Inbox(
                    device.path("deviceId").asText(),
                    URI.create(device.path("endpoint").asText()),
                    new InboxKeys.PublicInbox(
                            device.path("p256dh").asText(), device.path("auth").asText())));
        }
        return found;
    }

    /**
     * Encrypts and posts (RFC 8030). Returns once the message is accepted: from then on it is not dropped before its time.
     *
     * @param ttl how long it may wait; 0 is delivered now or never
     * @return the message's address, with which it can be cancelled
     */
    public URI send(Inbox inbox, byte[] content, Duration ttl) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(inbox.endpoint())
                .header("Content-Encoding", "aes128gcm")
                .header("Content-Type", "application/octet-stream")
                .header("TTL", Long.toString(ttl.toSeconds()))
                .POST(BodyPublishers.ofByteArray(WebPushCipher.encrypt(content, inbox.keys(), random)))
                .build();
        return http.send(request)
                .headers()
                .firstValue("Location")
                .map(inbox.endpoint()::resolve)
                .orElse(inbox.endpoint());
    }
}
