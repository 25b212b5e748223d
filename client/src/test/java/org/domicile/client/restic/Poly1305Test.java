package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

/** Against RFC 8439 and Bouncy Castle. */
class Poly1305Test {

    @Test
    void the_example_of_rfc_8439_gives_its_tag() {
        byte[] key = HexFormat.of().parseHex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b");

        byte[] tag =
                tag(key, "Cryptographic Forum Research Group".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        assertArrayEquals(HexFormat.of().parseHex("a8061dc1305136c6c22b8baf0c0127a9"), tag);
    }

    @Test
    void random_content_of_any_length_gives_the_tag_of_bouncy_castle() {
        Random random = new Random(1);
        for (int length = 0; length < 2_000; length++) {
            byte[] key = bytes(random, 32);
            byte[] content = bytes(random, length);
            assertArrayEquals(expected(key, content), tag(key, content), "length " + length);
        }
    }

    /** Sums that just reach, or just miss, 2^130 - 5 are where carries go wrong. */
    @Test
    void extreme_numbers_give_the_tag_of_bouncy_castle() {
        byte[] values = {0, 1, 2, 4, 5, (byte) 0x7f, (byte) 0x80, (byte) 0xfa, (byte) 0xfb, (byte) 0xfc, (byte) 0xff};
        Random random = new Random(2);
        for (int round = 0; round < 20_000; round++) {
            byte[] key = extreme(random, values, 32);
            byte[] content = extreme(random, values, random.nextInt(100));
            assertArrayEquals(
                    expected(key, content),
                    tag(key, content),
                    HexFormat.of().formatHex(key) + " " + HexFormat.of().formatHex(content));
        }
    }

    private static byte[] extreme(Random random, byte[] values, int length) {
        byte[] content = new byte[length];
        byte usual = values[random.nextInt(values.length)];
        for (int i = 0; i < length; i++) {
            content[i] = random.nextInt(4) > 0 ? usual : values[random.nextInt(values.length)];
        }
        return content;
    }

    private static byte[] tag(byte[] key, byte[] content) {
        byte[] shifted = new byte[content.length + 3];
        System.arraycopy(content, 0, shifted, 3, content.length);
        byte[] out = new byte[20];
        Poly1305.tag(Arrays.copyOf(key, 16), Arrays.copyOfRange(key, 16, 32), shifted, 3, content.length, out, 4);
        return Arrays.copyOfRange(out, 4, 20);
    }

    private static byte[] expected(byte[] key, byte[] content) {
        org.bouncycastle.crypto.macs.Poly1305 poly = new org.bouncycastle.crypto.macs.Poly1305();
        poly.init(new KeyParameter(key));
        poly.update(content, 0, content.length);
        byte[] tag = new byte[16];
        poly.doFinal(tag, 0);
        return tag;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        return content;
    }
}
