package org.domicile.backup.webdav;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DavPathTest {
    @Test
    void names_are_decoded_and_encoded_again() {
        var path = DavPath.parse("/dav/a%20b/%E5%90%8D%23/c+d");

        assertEquals(List.of("a b", "名#", "c+d"), path.names());
        assertEquals("/dav/a%20b/%E5%90%8D%23/c+d", path.href(false));
        assertEquals(path, DavPath.parse(path.href(true)));
    }

    @Test
    void slashes_too_many_say_nothing() {
        assertTrue(DavPath.parse("/dav").isRoot());
        assertTrue(DavPath.parse("/dav//").isRoot());
        assertEquals(DavPath.parse("/dav/a/b"), DavPath.parse("/dav//a/b/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dave",
                "/",
                "/dav/..",
                "/dav/%2e",
                "/dav/a%2Fb",
                "/dav/a%0ab",
                "/dav/%C0%AF",
                "/dav/%e",
                "/dav/é"
            })
    void what_cannot_be_a_path_is_refused(String path) {
        assertThrows(ProblemException.class, () -> DavPath.parse(path));
    }

    @Test
    void names_and_depth_are_bounded() {
        assertThrows(ProblemException.class, () -> DavPath.parse("/dav/" + "a".repeat(256)));
        assertThrows(ProblemException.class, () -> DavPath.parse("/dav" + "/a".repeat(65)));
    }

    @Test
    void a_path_lies_within_itself_and_what_is_around_it() {
        var path = DavPath.parse("/dav/a/b");

        assertTrue(path.isWithin(path));
        assertTrue(path.isWithin(DavPath.parse("/dav/a")));
        assertFalse(path.isWithin(DavPath.parse("/dav/a/b/c")));
        assertFalse(DavPath.parse("/dav/ab").isWithin(DavPath.parse("/dav/a")));
    }
}
