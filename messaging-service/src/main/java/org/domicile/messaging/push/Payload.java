package org.domicile.messaging.push;

import java.nio.ByteBuffer;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * The body of a push message: nothing (a wake-up), or ciphertext in the {@code aes128gcm} encoding (RFC 8188, RFC 8291),
 * whose framing is checked so that what a device could never decrypt is refused at once.
 */
public record Payload(byte[] bytes) {
    private static final int SALT = 16;
    private static final int KEY_LENGTH_AT = SALT + 4;
    private static final int SMALLEST_RECORD = 18;
    private static final int TAG_AND_DELIMITER = 17;

    /** @param encoding the header Content-Encoding, null when absent */
    public static Payload parse(byte[] body, String encoding) {
        if (body.length == 0) {
            return new Payload(body);
        }
        if (!"aes128gcm".equals(encoding)) {
            throw new ProblemException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "Encrypt the message for the device and say Content-Encoding: aes128gcm (RFC 8291).");
        }
        if (!framed(body)) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "Correct the body: it is not in the aes128gcm encoding (RFC 8188).");
        }
        return new Payload(body);
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    private static boolean framed(byte[] body) {
        if (body.length <= KEY_LENGTH_AT) {
            return false;
        }
        var buffer = ByteBuffer.wrap(body);
        var recordSize = Integer.toUnsignedLong(buffer.getInt(SALT));
        var keyLength = Byte.toUnsignedInt(buffer.get(KEY_LENGTH_AT));
        return recordSize >= SMALLEST_RECORD && body.length >= KEY_LENGTH_AT + 1 + keyLength + TAG_AND_DELIMITER;
    }

    /** Redacted to its length in bytes. */
    @Override
    public String toString() {
        return "Payload[" + bytes.length + " bytes]";
    }
}
