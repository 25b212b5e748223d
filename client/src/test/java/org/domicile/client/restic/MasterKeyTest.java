package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.time.Clock;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MasterKeyTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MasterKey KEY = MasterKey.generate(RANDOM);

    @Property(tries = 200)
    void what_is_sealed_opens_to_the_same(@ForAll byte[] content) throws Exception {
        byte[] sealed = KEY.seal(content);

        assertEquals(content.length + MasterKey.OVERHEAD, sealed.length);
        assertArrayEquals(content, KEY.open(sealed));
    }

    @Property(tries = 200)
    void a_changed_bit_is_noticed(
            @ForAll byte[] content, @ForAll @IntRange(min = 0) int position, @ForAll @IntRange(max = 7) int bit) {
        byte[] sealed = KEY.seal(content);
        sealed[position % sealed.length] ^= (byte) (1 << bit);

        assertThrows(RepositoryException.class, () -> KEY.open(sealed));
    }

    @Test
    void a_key_file_opens_with_its_password_only() throws Exception {
        RepositoryPassword password = new RepositoryPassword("correct horse");
        byte[] file = KeyFile.create(KEY, password, RANDOM, Clock.systemUTC(), new Origin("host", "user"));

        assertEquals(KEY.toJson(), KeyFile.open(file, password, RANDOM).toJson());
        assertThrows(RepositoryException.class, () -> KeyFile.open(file, new RepositoryPassword("wrong"), RANDOM));
    }

    @Test
    void a_key_file_that_asks_for_absurd_work_is_refused() {
        byte[] file = "{\"kdf\":\"scrypt\",\"N\":1073741824,\"r\":8,\"p\":1,\"salt\":\"AAAA\",\"data\":\"AAAA\"}"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);

        assertThrows(RepositoryException.class, () -> KeyFile.open(file, new RepositoryPassword("x"), RANDOM));
    }

    @Test
    void secrets_are_not_shown() {
        assertFalse(new RepositoryPassword("hunter2").toString().contains("hunter2"));
        assertEquals("MasterKey[redacted]", KEY.toString());
    }
}
