package org.domicile.platform.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;

class CryptoProperties {
    private final KeyPair keys = keys();

    @Property(tries = 200)
    void a_changed_character_breaks_the_signature(@ForAll String text, @ForAll @IntRange(max = 10_000) int at) {
        var jws = SignedDocument.sign(new JsonObject().put("text", text), "cn-north", keys.getPrivate());
        assertEquals(text, SignedDocument.verify(jws, keys.getPublic()).getString("text"));
        assertEquals("cn-north", SignedDocument.claimedKeyId(jws));
        var position = at % (jws.length() - 2); // the last two carry unused bits
        var changed = new StringBuilder(jws);
        changed.setCharAt(position, jws.charAt(position) == 'A' ? 'B' : 'A');
        assertThrows(InvalidSignature.class, () -> SignedDocument.verify(changed.toString(), keys.getPublic()));
    }

    @Property(tries = 200)
    void any_other_text_is_no_document(@ForAll String text) {
        assertThrows(InvalidSignature.class, () -> SignedDocument.verify(text, keys.getPublic()));
        assertThrows(InvalidSignature.class, () -> SignedDocument.claimedKeyId(text));
    }

    @Property(tries = 200)
    void signatures_are_those_of_the_jdk(@ForAll byte[] message) throws GeneralSecurityException {
        var signer = Signature.getInstance("Ed25519");
        signer.initSign(keys.getPrivate());
        signer.update(message);
        var signature = signer.sign();
        assertArrayEquals(signature, Ed25519Signature.sign(keys.getPrivate(), message));
        assertTrue(Ed25519Signature.isGood(signature, keys.getPublic(), message));
        assertFalse(Ed25519Signature.isGood(signature, keys().getPublic(), message));
        assertFalse(Ed25519Signature.isGood(Arrays.copyOf(signature, 63), keys.getPublic(), message));
    }

    @Property(tries = 200)
    void a_field_comes_back_only_under_its_name(@ForAll @Size(32) byte[] dek, @ForAll String value) {
        var cipher = new FieldCipher(dek);
        var ciphertext = cipher.encrypt("phone", value);
        assertEquals(value(value), cipher.decrypt("phone", ciphertext));
        assertThrows(IllegalStateException.class, () -> cipher.decrypt("e-mail", ciphertext));
    }

    /** What UTF-8 makes of text with lone surrogates. */
    private static String value(String text) {
        return new String(text.getBytes(UTF_8), UTF_8);
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
