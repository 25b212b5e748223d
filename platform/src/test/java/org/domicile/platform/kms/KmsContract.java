package org.domicile.platform.kms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.crypto.WrappedKey;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;

/** What every key store keeps to. */
abstract class KmsContract {
    protected static final String FIRST_INDEX = "i1";
    protected static final String SECOND_INDEX = "i2";
    protected static final byte[] IDENTIFIER = "PHONE:+6591234567".getBytes(UTF_8);

    /** A store before any rotation: its index keys are {@value #FIRST_INDEX}, the current one, and {@value #SECOND_INDEX}. */
    protected abstract Kms kms();

    /** The same store after its wrapping key was rotated; the older one is still there. */
    protected abstract Kms rotated();

    @Test
    void a_data_key_comes_back_from_its_wrapped_form() {
        var pair = get(kms().generateDekPair());

        assertEquals(32, pair.dek().length);
        assertArrayEquals(pair.dek(), get(kms().decryptEdek(pair.edek())));
    }

    @Test
    void every_data_key_is_another_and_none_is_in_its_wrapped_form() {
        var one = get(kms().generateDekPair());
        var other = get(kms().generateDekPair());

        assertFalse(Arrays.equals(one.dek(), other.dek()));
        assertFalse(hex(one.edek()).contains(hex(one.dek())));
        assertFalse(one.toString().contains(hex(one.dek())));
    }

    @Test
    void after_a_rotation_old_keys_open_and_are_wrapped_again() {
        var pair = get(kms().generateDekPair());
        assertTrue(get(kms().isCurrent(pair.edek())));

        var rotated = rotated();
        assertFalse(get(rotated.isCurrent(pair.edek())));
        assertArrayEquals(pair.dek(), get(rotated.decryptEdek(pair.edek())));
        var again = get(rotated.rewrap(pair.edek()));

        assertTrue(get(rotated.isCurrent(again)));
        assertArrayEquals(pair.dek(), get(rotated.decryptEdek(again)));
        assertEquals(get(rotated.currentKey()), WrappedKey.parse(again).key());
        assertTrue(get(rotated.isCurrent(get(rotated.generateDekPair()).edek())));
    }

    @Test
    void a_wrapping_key_that_is_not_there_is_named() {
        var wrapped = WrappedKey.parse(get(kms().generateDekPair()).edek());
        var lost = new WrappedKey("lost", wrapped.body()).encode();

        assertUnavailable("\"lost\" is missing", kms().decryptEdek(lost));
        assertUnavailable("\"lost\" is missing", kms().rewrap(lost));
    }

    @Test
    void an_index_key_that_is_not_there_is_named() {
        assertUnavailable("\"lost\" is missing", kms().indexMac("lost", IDENTIFIER));
    }

    @Test
    void a_wrapped_key_that_was_changed_is_refused() {
        var wrapped = WrappedKey.parse(get(kms().generateDekPair()).edek());
        var body = wrapped.body().clone();
        body[body.length - 2] ^= 1;

        assertThrows(
                IllegalStateException.class,
                () -> get(kms().decryptEdek(new WrappedKey(wrapped.key(), body).encode())));
        assertThrows(IllegalStateException.class, () -> get(kms().decryptEdek(new byte[] {9, 1})));
    }

    @Test
    void the_index_is_the_same_for_the_same_identifier_and_key_only() {
        var mac = get(kms().indexMac(IDENTIFIER));

        assertEquals(32, mac.length);
        assertArrayEquals(mac, get(kms().indexMac(IDENTIFIER)));
        assertArrayEquals(mac, get(rotated().indexMac(IDENTIFIER)), "the wrapping key has nothing to do with it");
        assertNotEquals(hex(mac), hex(get(kms().indexMac("PHONE:+6591234568".getBytes(UTF_8)))));
        assertNotEquals(hex(mac), hex(get(kms().indexMac(SECOND_INDEX, IDENTIFIER))));
    }

    @Test
    void a_lookup_tries_every_index_key_the_current_one_first() {
        var macs = get(kms().indexMacs(IDENTIFIER));

        assertEquals(List.of(FIRST_INDEX, SECOND_INDEX), kms().indexKeys());
        assertEquals(2, macs.size());
        assertArrayEquals(get(kms().indexMac(FIRST_INDEX, IDENTIFIER)), macs.get(0));
        assertArrayEquals(get(kms().indexMac(SECOND_INDEX, IDENTIFIER)), macs.get(1));
    }

    /** 503 for each thing that needs the store. */
    protected static void assertAllUnavailable(String sentence, Kms kms, byte[] edek) {
        assertUnavailable(sentence, kms.generateDekPair());
        assertUnavailable(sentence, kms.decryptEdek(edek));
        assertUnavailable(sentence, kms.rewrap(edek));
        assertUnavailable(sentence, kms.indexMac(IDENTIFIER));
    }

    protected static void assertUnavailable(String sentence, Uni<?> question) {
        var problem = assertThrows(ProblemException.class, () -> get(question));
        assertEquals(ErrorCode.UNAVAILABLE, problem.code());
        assertTrue(problem.getMessage().contains(sentence), problem.getMessage());
    }

    protected static <T> T get(Uni<T> answer) {
        return answer.await().indefinitely();
    }

    protected static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
