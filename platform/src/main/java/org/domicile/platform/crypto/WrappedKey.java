package org.domicile.platform.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * A wrapped data key as it is stored: one byte with the length of the wrapping key's name, the name, and what the key store made of
 * the data key.
 *
 * @param key name of the wrapping key, at most 255 bytes
 */
public record WrappedKey(String key, byte[] body) {
    private static final int LONGEST_NAME = 255;

    /** @throws IllegalStateException if the bytes are no wrapped key */
    public static WrappedKey parse(byte[] edek) {
        try {
            var buffer = ByteBuffer.wrap(edek);
            var name = new byte[Byte.toUnsignedInt(buffer.get())];
            buffer.get(name);
            var body = new byte[buffer.remaining()];
            buffer.get(body);
            return new WrappedKey(new String(name, UTF_8), body);
        } catch (BufferUnderflowException e) {
            throw new IllegalStateException("these bytes are no wrapped data key", e);
        }
    }

    public byte[] encode() {
        var name = key.getBytes(UTF_8);
        if (name.length > LONGEST_NAME) {
            throw new IllegalStateException("the name of a wrapping key has at most " + LONGEST_NAME + " bytes");
        }
        return ByteBuffer.allocate(1 + name.length + body.length)
                .put((byte) name.length)
                .put(name)
                .put(body)
                .array();
    }

    @Override
    public String toString() {
        return "WrappedKey[key=" + key + "]";
    }
}
