package org.domicile.backup.crash;

import static org.domicile.backup.testing.ResticHttp.random;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to the packaged service: it says that it is not ready, finishes the uploads it has begun, and leaves its consumer groups. */
class StopIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SIZE = 1 << 20;
    private static final int TERMINATED = 143;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    @Test
    void an_upload_that_has_begun_is_finished_and_the_groups_are_left() throws Exception {
        try (var parts = new Parts(folder)) {
            parts.service = parts.service(Map.of(
                    "quarkus.shutdown.delay", "1s",
                    "quarkus.shutdown.timeout", "10M",
                    "mp.messaging.connector.smallrye-kafka.session.timeout.ms", "900000"));
            parts.start();
            parts.openAccount();
            assertEquals(
                    200,
                    parts.post("?create=true", BodyPublishers.noBody()).get().statusCode());
            var content = random(SIZE);
            var name = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            var body = new PipedOutputStream();
            var pipe = new PipedInputStream(body, SIZE);
            var upload = parts.post(
                    "data/" + name, BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> pipe), SIZE));
            body.write(Arrays.copyOf(content, SIZE / 2));
            body.flush();
            await(() -> parts.postgres.count("select count(*) from uploads") == 1);

            await(() -> parts.groupMembers() > 0);
            parts.service.terminate();

            await(() -> parts.readiness() == 503);
            body.write(content, SIZE / 2, SIZE - SIZE / 2);
            body.close();
            assertEquals(200, upload.get(2, TimeUnit.MINUTES).statusCode());
            assertEquals(TERMINATED, parts.service.ended(PATIENCE));
            assertEquals(0, parts.postgres.count("select count(*) from uploads"));
            assertEquals(1, parts.postgres.count("select count(*) from blobs where state = 'LIVE'"));
            await(() -> parts.groupMembers() == 0);
        }
    }

    private static void await(Callable<Boolean> state) {
        Awaitility.await().atMost(PATIENCE).until(state);
    }
}
