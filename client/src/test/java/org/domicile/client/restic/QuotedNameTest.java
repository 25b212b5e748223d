package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class QuotedNameTest {

    @Property
    void any_bytes_survive(@ForAll byte[] name) throws Exception {
        assertArrayEquals(name, QuotedName.unquote(QuotedName.quote(name)));
    }

    @Property
    void any_text_survives(@ForAll String name) throws Exception {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);

        assertArrayEquals(bytes, QuotedName.unquote(QuotedName.quote(bytes)));
    }

    @Test
    void names_are_quoted_as_go_quotes_them() {
        assertEquals("名前.txt", quote("名前.txt"));
        assertEquals("tab\\tname\\\"q\\\\", quote("tab\tname\"q\\"));
        assertEquals("\\x01\\x7f\\u00a0\\ufeff\\U000e0001", quote("\u0001\u007f\u00a0\ufeff\udb40\udc01"));
        assertEquals("bad\\xff\\xfe", QuotedName.quote(new byte[] {'b', 'a', 'd', (byte) 0xff, (byte) 0xfe}));
    }

    @Test
    void an_escape_that_go_does_not_write_is_refused() {
        assertThrows(RepositoryException.class, () -> QuotedName.unquote("a\\"));
        assertThrows(RepositoryException.class, () -> QuotedName.unquote("\\q"));
        assertThrows(RepositoryException.class, () -> QuotedName.unquote("\\u12"));
    }

    private static String quote(String name) {
        return QuotedName.quote(name.getBytes(StandardCharsets.UTF_8));
    }
}
