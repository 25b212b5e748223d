package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.ECPrivateKeySpec;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WebPushCipherTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final InboxKeys KEYS = InboxKeys.generate(RANDOM);

    private static final String PLAIN = "When I grow up, I want to be a watermelon";
    private static final String BODY = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
            + "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
            + "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

    @Test
    void the_example_of_rfc_8291_appendix_a_is_decrypted() throws Exception {
        assertEquals(PLAIN, new String(WebPushCipher.decrypt(decode(BODY), receiver()), StandardCharsets.UTF_8));
    }

    @Test
    void the_example_of_rfc_8291_appendix_a_is_encrypted() throws Exception {
        InboxKeys sender = keys(
                "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
                "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
                "");

        byte[] body = WebPushCipher.encrypt(
                PLAIN.getBytes(StandardCharsets.UTF_8),
                receiver().point(),
                receiver().authentication(),
                sender,
                decode("DGv6ra1nlYgDCS1FRnbzlw"));

        assertArrayEquals(decode(BODY), body);
    }

    @Property(tries = 100)
    void what_is_encrypted_decrypts_to_the_same(@ForAll @Size(max = WebPushCipher.MAX_PLAIN) byte[] content)
            throws IOException {
        byte[] body = WebPushCipher.encrypt(content, KEYS.forSenders(), RANDOM);

        assertArrayEquals(content, WebPushCipher.decrypt(body, KEYS));
    }

    @Test
    void another_device_and_a_changed_bit_are_refused() throws IOException {
        byte[] body = WebPushCipher.encrypt(new byte[] {1, 2, 3}, KEYS.forSenders(), RANDOM);

        assertThrows(IOException.class, () -> WebPushCipher.decrypt(body, InboxKeys.generate(RANDOM)));
        body[body.length - 1] ^= 1;
        assertThrows(IOException.class, () -> WebPushCipher.decrypt(body, KEYS));
    }

    @Test
    void a_message_that_does_not_fit_is_refused() {
        byte[] content = new byte[WebPushCipher.MAX_PLAIN + 1];

        assertThrows(IOException.class, () -> WebPushCipher.encrypt(content, KEYS.forSenders(), RANDOM));
    }

    @Test
    void keys_survive_their_stored_form_and_are_not_shown() throws IOException {
        InboxKeys restored = InboxKeys.restore(KEYS.exportPrivateKey(), KEYS.forSenders());
        byte[] body = WebPushCipher.encrypt(new byte[] {7}, KEYS.forSenders(), RANDOM);

        assertArrayEquals(new byte[] {7}, WebPushCipher.decrypt(body, restored));
        assertEquals("InboxKeys[redacted]", KEYS.toString());
        assertFalse(new Secret("hunter2").toString().contains("hunter2"));
    }

    private static InboxKeys receiver() throws Exception {
        return keys(
                "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                "BTBZMqHH6r4Tts7J_aSIgg");
    }

    private static InboxKeys keys(String scalar, String point, String authentication) throws Exception {
        BigInteger s = new BigInteger(1, decode(scalar));
        return new InboxKeys(
                KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(s, P256.parameters())),
                decode(point),
                decode(authentication));
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
