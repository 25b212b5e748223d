package org.domicile.backup.webdav;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.UUID;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IfHeaderTest {
    private static final DavPath PATH = DavPath.parse("/dav/file");
    private static final Resource FILE = new Resource(
            new UUID(1, 1),
            Resource.ROOT,
            Details.of("file"),
            new Content(new UUID(0, 7), 1, new UUID(2, 2)),
            Instant.EPOCH,
            Instant.EPOCH);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '!',
            value = {
                "([TAG])|true",
                "([\"x\"])|false",
                "(Not [\"x\"])|true",
                "([\"x\"]) ([TAG])|true",
                "([TAG] [\"x\"])|false",
                "(<opaquelocktoken:a>)|false",
                "(Not <DAV:no-lock> [TAG])|true",
                "<http://host/dav/file> ([TAG])|true",
                "</dav/other> ([TAG])|false",
            })
    void lists_hold_or_do_not(String header, boolean holds) {
        var parsed = IfHeader.parse(header.replace("TAG", FILE.etag()), PATH);

        assertEquals(holds, parsed.holds(FILE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "()", "(", "([\"x\"]", "[\"x\"]", "(Not)", "(Not Not [\"x\"])", "x", "</dav/file>"})
    void anything_else_is_refused(String header) {
        assertThrows(ProblemException.class, () -> IfHeader.parse(header, PATH));
    }
}
