package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;

/** Device-to-device messages: Web Push to inboxes that their owners published. Content is encrypted before it leaves. */
public final class Messenger {
    private static final String STALE = "stale-devices";
    private static final int TRIES = 5;

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
        return inboxes(
                session.post(Service.MESSAGING, "/v1/directory/lookup", query).path("devices"));
    }

    /** What is said to one device. */
    public interface Content {
        byte[] to(Inbox inbox) throws IOException;
    }

    /**
     * Sends to every device of a person. If the list is not theirs any more, the service answers with the current one: the message goes
     * to those of it that do not have it yet.
     *
     * @param found what {@link #find} gave
     * @param content made for each device; called again for a device whose key has changed
     * @return the devices that it was accepted for
     */
    public List<Inbox> sendAll(List<Inbox> found, Content content, Duration ttl) throws IOException {
        Map<String, Inbox> sent = new LinkedHashMap<>();
        List<Inbox> current = found;
        for (int tries = 1; ; tries++) {
            try {
                for (Inbox inbox : current) {
                    if (!sent.containsKey(inbox.keys().p256dh())) {
                        send(inbox, content.to(inbox), ttl, current);
                        sent.put(inbox.keys().p256dh(), inbox);
                    }
                }
                return List.copyOf(sent.values());
            } catch (ProblemException e) {
                if (!e.code().equals(STALE) || tries == TRIES) {
                    throw e;
                }
                current = inboxes(e.extension("devices"));
            }
        }
    }

    private static List<Inbox> inboxes(JsonNode devices) {
        List<Inbox> found = new ArrayList<>();
        for (JsonNode device : devices) {
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
        return send(inbox, content, ttl, List.of());
    }

    private URI send(Inbox inbox, byte[] content, Duration ttl, List<Inbox> all) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(inbox.endpoint());
        if (!all.isEmpty()) {
            request.header("Domicile-Devices", digest(all));
        }
        request.header("Content-Encoding", "aes128gcm")
                .header("Content-Type", "application/octet-stream")
                .header("TTL", Long.toString(ttl.toSeconds()))
                .POST(BodyPublishers.ofByteArray(WebPushCipher.encrypt(content, inbox.keys(), random)));
        return http.send(request.build())
                .headers()
                .firstValue("Location")
                .map(inbox.endpoint()::resolve)
                .orElse(inbox.endpoint());
    }

    /** Which devices, with which keys: SHA-256 of their sorted lines, base64url. */
    static String digest(List<Inbox> devices) {
        String lines = devices.stream()
                .map(inbox -> inbox.deviceId() + " " + inbox.keys().p256dh() + "\n")
                .sorted()
                .collect(Collectors.joining());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(lines.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
