package org.domicile.messaging.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void an_empty_body_is_a_wake_up() {
        assertTrue(Payload.parse(new byte[0], null).isEmpty());
    }

    @Test
    void an_encrypted_body_is_taken() {
        assertFalse(Payload.parse(body(4096, 65, 17), "aes128gcm").isEmpty());
    }

    @Test
    void a_body_in_the_clear_or_in_an_older_encoding_is_refused() {
        for (var encoding : new String[] {null, "identity", "aesgcm", "gzip"}) {
            var refused = assertThrows(ProblemException.class, () -> Payload.parse(body(4096, 65, 17), encoding));
            assertEquals(ErrorCode.UNSUPPORTED_MEDIA_TYPE, refused.code());
        }
    }

    @Test
    void a_body_without_the_framing_of_the_encoding_is_refused() {
        refused(new byte[20]);
        refused(body(17, 65, 17));
        refused(body(4096, 65, 16));
        refused(body(4096, 255, 0));
    }

    @Test
    void its_text_form_shows_no_content() {
        assertEquals(
                "Payload[103 bytes]",
                Payload.parse(body(4096, 65, 17), "aes128gcm").toString());
    }

    private static void refused(byte[] body) {
        var refused = assertThrows(ProblemException.class, () -> Payload.parse(body, "aes128gcm"));
        assertEquals(ErrorCode.INVALID_REQUEST, refused.code());
    }

    private static byte[] body(int recordSize, int keyLength, int content) {
        return ByteBuffer.allocate(21 + keyLength + content)
                .putInt(16, recordSize)
                .put(20, (byte) keyLength)
                .array();
    }
}
