package org.domicile.backup.restic;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.domicile.backup.testing.BackupTest;
import org.junit.jupiter.api.Test;

/** 64 uploads of 16 MiB at once, 1 GiB in all, in a test process whose heap (768 MiB) could not hold them. */
@QuarkusTest
class UploadLoadIT extends BackupTest {
    private static final int UPLOADS = 64;
    private static final int SIZE = 16 * 1024 * 1024;

    @Test
    void concurrent_uploads_stream_with_bounded_memory() throws Exception {
        var account = consenting();
        var http = withRepository(account, "phone");
        var contents = IntStream.range(0, 4).mapToObj(i -> random(SIZE)).toList();
        IntStream.range(0, UPLOADS / 4).forEach(i -> http.send("POST", "/restic/r" + i + "/?create=true", null));

        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, UPLOADS)
                    .mapToObj(i -> executor.submit(() -> http.status(
                            "POST", "/restic/r" + i / 4 + "/data/" + sha256(contents.get(i % 4)), contents.get(i % 4))))
                    .toList();
            for (Future<Integer> answer : answers) {
                assertEquals(200, answer.get());
            }
        }

        assertEquals(UPLOADS, account.count("blobs"));
        assertEquals(0, account.pending());
        var list = http.send("GET", "/restic/r0/data/", null);
        assertTrue(new String(list.body()).contains(sha256(contents.get(0))));
    }
}
