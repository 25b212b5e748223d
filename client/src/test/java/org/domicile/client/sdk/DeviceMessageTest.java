package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeviceMessageTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final SenderKeys keys = SenderKeys.generate(RANDOM);
    private final DeviceMessage message = new DeviceMessage("1", "+6581234567", "sender", "receiver", NOW, "Grüße, 你好");

    @Test
    void what_was_signed_is_read_with_the_key_that_signed_it() throws IOException {
        DeviceMessage.Signed read = DeviceMessage.verify(message.sign(keys, RANDOM), "receiver");
        assertEquals(message, read.message());
        assertEquals(keys.publicKey(), read.key());
    }

    @Test
    void a_receiver_cannot_pass_it_on_as_said_to_another() throws IOException {
        byte[] signed = message.sign(keys, RANDOM);
        assertThrows(IOException.class, () -> DeviceMessage.verify(signed, "third"));
    }

    @Test
    void a_change_or_another_key_is_noticed() throws IOException {
        ObjectNode signed = (ObjectNode) Json.parse(message.sign(keys, RANDOM));
        String text = signed.path("signed").asText();
        refused(signed.deepCopy().put("signed", text.replace("Grüße", "Grüsse")));
        refused(signed.deepCopy().put("key", SenderKeys.generate(RANDOM).publicKey()));
        refused(signed.deepCopy().put("key", "?"));
        refused(signed.deepCopy().put("signature", "AAAA"));
        refused(signed.deepCopy().without("signature"));
        refused(Json.object().put("text", "unsigned"));
    }

    @Test
    void a_stored_key_signs_as_before() throws IOException {
        SenderKeys restored = SenderKeys.restore(keys.exportPrivateKey(), keys.publicKey());
        assertEquals(
                keys.publicKey(),
                DeviceMessage.verify(message.sign(restored, RANDOM), "receiver").key());
    }

    private static void refused(JsonNode content) throws IOException {
        byte[] bytes = Json.bytes(content);
        assertThrows(IOException.class, () -> DeviceMessage.verify(bytes, "receiver"));
    }
}
