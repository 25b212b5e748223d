package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/**
 * What one device says to another, before it is encrypted and after. It is signed by the sending device, for the receiving one
 * alone: nobody in between can change it, and a receiver cannot pass it on as said to someone else.
 *
 * <pre>{"signed": "{\"id\":…,\"from\":…,\"device\":…,\"to\":…,\"sent\":…,\"text\":…}", "key": base64url, "signature": base64url}</pre>
 *
 * The signature is over the line {@code Domicile device message 1}, a line feed, and the text of {@code signed}.
 *
 * @param id the same for every device that the message goes to, and for every try: who has seen it needs it no more
 * @param from how the sender calls themselves; nobody has checked it
 * @param device the sending device, whose key has signed
 * @param to the receiving device
 */
public record DeviceMessage(String id, String from, String device, String to, Instant sent, String text) {
    private static final String CONTEXT = "Domicile device message 1\n";

    /** A message with the key that has signed it, base64url: compare it with the one that the device used before. */
    public record Signed(DeviceMessage message, String key) {}

    /** For {@link WebPushCipher#encrypt}. */
    public byte[] sign(SenderKeys keys, SecureRandom random) throws IOException {
        String signed = new String(
                Json.bytes(Json.object()
                        .put("id", id)
                        .put("from", from)
                        .put("device", device)
                        .put("to", to)
                        .put("sent", sent.toString())
                        .put("text", text)),
                StandardCharsets.UTF_8);
        byte[] signature = keys.sign(bytes(signed), random);
        return Json.bytes(Json.object()
                .put("signed", signed)
                .put("key", keys.publicKey())
                .put("signature", Base64.getUrlEncoder().withoutPadding().encodeToString(signature)));
    }

    /**
     * @param content as {@link WebPushCipher#decrypt} gave it
     * @param self the id of the device that reads
     * @throws IOException when it is not signed, the signature is wrong, or it was said to another device
     */
    public static Signed verify(byte[] content, String self) throws IOException {
        JsonNode json = Json.parse(content);
        String signed = json.path("signed").asText();
        Base64.Decoder decoder = Base64.getUrlDecoder();
        try {
            byte[] point = decoder.decode(json.path("key").asText());
            if (!SenderKeys.verify(
                    point, bytes(signed), decoder.decode(json.path("signature").asText()))) {
                throw new IOException("its signature is missing or wrong");
            }
            DeviceMessage message = parse(Json.parse(signed.getBytes(StandardCharsets.UTF_8)));
            if (!message.to().equals(self)) {
                throw new IOException("it was said to another device");
            }
            return new Signed(message, json.path("key").asText());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("it is not a device message", e);
        }
    }

    private static DeviceMessage parse(JsonNode json) {
        return new DeviceMessage(
                json.path("id").asText(),
                json.path("from").asText(),
                json.path("device").asText(),
                json.path("to").asText(),
                Instant.parse(json.path("sent").asText()),
                json.path("text").asText());
    }

    private static byte[] bytes(String signed) {
        return (CONTEXT + signed).getBytes(StandardCharsets.UTF_8);
    }

    /** Redacted: what people say to each other is theirs. */
    @Override
    public String toString() {
        return "DeviceMessage[" + id + "]";
    }
}
