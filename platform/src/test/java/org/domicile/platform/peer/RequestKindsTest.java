package org.domicile.platform.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestKindsTest {
    @ParameterizedTest
    @CsvSource({
        "GET, /v1/me, client",
        "POST, /push/AbC, client",
        "POST, /v1/moves, client",
        "HEAD, /restic/r/data/ab, client",
        "DELETE, /restic/r/locks/ab, client",
        "PROPFIND, /dav/photos/, client",
        "GET, , client",
        "POST, /restic/r/data/ab, bulk",
        "GET, /restic/r/data/ab, bulk",
        "PUT, /dav/photos/1.jpg, bulk",
        "GET, /v1/moves/019ab/events, bulk",
        "GET, /davos, client"
    })
    void what_takes_as_long_as_it_is_big_is_told_from_other_requests(String method, String path, String kind) {
        assertEquals(kind, RequestKinds.of(method, path));
    }
}
