package org.domicile.client.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.crypto.hpke.HPKE;
import org.junit.jupiter.api.Test;

class TransferTest {
    private static final byte[] SECRET = "the repository password".getBytes(StandardCharsets.UTF_8);

    @Test
    void the_new_device_gets_the_secret_and_both_see_the_same_words() {
        Transfer transfer = new Transfer("New phone 手机");
        TransferRequest scanned = TransferRequest.parse(transfer.request().encode());
        assertEquals(transfer.request().words(), scanned.words());
        assertEquals("New phone 手机", scanned.deviceName());

        Transfer.Offer offer = Transfer.offer(scanned, SECRET);
        Transfer.Received received = transfer.open(" " + offer.text() + "\n");

        assertArrayEquals(SECRET, received.secret());
        assertEquals(offer.words(), received.words());
    }

    @Test
    void a_stranger_who_takes_the_requests_place_is_seen_by_the_words() {
        Transfer transfer = new Transfer("phone");
        Transfer stranger = new Transfer("phone");

        assertNotEquals(transfer.request().words(), stranger.request().words());
        Transfer.Offer offer = Transfer.offer(stranger.request(), SECRET);
        assertThrows(IllegalArgumentException.class, () -> transfer.open(offer.text()));
    }

    @Test
    void a_strangers_offer_is_seen_by_the_words() {
        Transfer transfer = new Transfer("phone");
        Transfer.Offer offer = Transfer.offer(transfer.request(), SECRET);
        Transfer.Offer other = Transfer.offer(transfer.request(), SECRET);

        assertNotEquals(offer.words(), transfer.open(other.text()).words());
    }

    @Test
    void an_offer_with_any_bit_changed_is_refused() {
        Transfer transfer = new Transfer("phone");
        String text = Transfer.offer(transfer.request(), SECRET).text();
        String prefix = text.substring(0, text.indexOf('.') + 1);
        byte[] bytes = Base64.getUrlDecoder().decode(text.substring(prefix.length()));
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 1;
            String forged = prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
            assertThrows(IllegalArgumentException.class, () -> transfer.open(forged));
        }
        assertThrows(IllegalArgumentException.class, () -> transfer.open("domicile-offer-1."));
        assertThrows(IllegalArgumentException.class, () -> transfer.open("something else"));
        assertThrows(IllegalArgumentException.class, () -> TransferRequest.parse(text));
    }

    /** RFC 9180, appendix A.1.1.1, with its own AEAD: the library's key schedule is the standard's. */
    @Test
    void the_library_opens_the_vector_of_rfc_9180() throws Exception {
        HPKE hpke = new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
        HexFormat hex = HexFormat.of();
        var keys = hpke.deserializePrivateKey(
                hex.parseHex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"),
                hex.parseHex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d"));

        byte[] plain = hpke.open(
                hex.parseHex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
                keys,
                hex.parseHex("4f6465206f6e2061204772656369616e2055726e"),
                hex.parseHex("436f756e742d30"),
                hex.parseHex(
                        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"),
                null,
                null,
                null);

        assertEquals("Beauty is truth, truth beauty", new String(plain, StandardCharsets.US_ASCII));
    }
}
