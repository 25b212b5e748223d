package org.domicile.backup.webdav;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.backup.key.DataKey;

/**
 * What WebDAV stores for an account, under keys derived from its data key: names and properties with AES-256-GCM, names to look
 * up by as a MAC, contents in {@link PartLayout parts}, each an AES-256-GCM-HKDF stream of Tink of its own.
 */
public final class DavCipher {
    private static final String HKDF_HASH = "HmacSha256";
    private static final int MAC_LENGTH = 16;

    private final AesGcmJce fields;
    private final SecretKeySpec names;
    private final AesGcmHkdfStreaming contents;

    public DavCipher(DataKey key) {
        try {
            this.fields = new AesGcmJce(key.derive("webdav fields"));
            this.names = new SecretKeySpec(key.derive("webdav names"), "HmacSHA256");
            this.contents = new AesGcmHkdfStreaming(
                    key.derive("webdav contents"), HKDF_HASH, PartLayout.KEY, PartLayout.SEGMENT, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param field what it is, so that a ciphertext of one kind cannot stand for another */
    byte[] encrypt(String field, String value) {
        try {
            return fields.encrypt(value.getBytes(UTF_8), field.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String decrypt(String field, byte[] ciphertext) {
        try {
            return new String(fields.decrypt(ciphertext, field.getBytes(UTF_8)), UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(field + " cannot be decrypted with the account's key", e);
        }
    }

    /** Keyed hash of a name, 32 hex digits: equal names of one account in one region have equal ones, and nothing else shows. */
    String mac(String name) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(names);
            return HexFormat.of().formatHex(mac.doFinal(name.getBytes(UTF_8)), 0, MAC_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    PartEncrypter encrypter(UUID generation, int part) {
        try {
            return new PartEncrypter(contents.newStreamSegmentEncrypter(bound(generation, part)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    PartDecrypter decrypter(UUID generation, PartLayout.Slice slice) {
        try {
            return new PartDecrypter(contents.newStreamSegmentDecrypter(), bound(generation, slice.part()), slice);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A part is bound to its content and its place there: parts of the store that change places do not decrypt. */
    private static byte[] bound(UUID generation, int part) {
        return ByteBuffer.allocate(20)
                .putLong(generation.getMostSignificantBits())
                .putLong(generation.getLeastSignificantBits())
                .putInt(part)
                .array();
    }

    @Override
    public String toString() {
        return "DavCipher[redacted]";
    }
}
