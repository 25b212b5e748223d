package org.domicile.backup.restic;

import static org.awaitility.Awaitility.await;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.ResticHttp;
import org.domicile.backup.testing.S3ProxyResource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many devices at once send one name: whole, truncated, oversized and with other content, some deleting it after a failure as stock
 * restic does. What is left is exactly one good blob if anybody was told of a success, and none otherwise.
 */
@QuarkusTest
class UploadRacesIT extends BackupTest {
    private static final int CLIENTS = 12;
    private static final int STEPS = 4;

    private enum Step {
        WHOLE,
        TRUNCATED,
        OVERSIZED,
        WRONG
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void one_good_blob_or_none(long seed) throws Exception {
        var account = consenting();
        withRepository(account, "phone");
        var content = random(150_000);
        var path = "/restic/phone/data/" + sha256(content);
        var devices = account.addDevices(CLIENTS);
        var plan = new Random(seed);
        // every other run nobody sends the whole, so that there is nothing to be left
        var steps = seed % 2 == 0 ? Step.values() : new Step[] {Step.TRUNCATED, Step.OVERSIZED, Step.WRONG};

        List<Boolean> successes;
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = IntStream.range(0, CLIENTS)
                    .mapToObj(client -> {
                        var http = as(account, devices.get(client));
                        var own = plan.ints(STEPS, 0, steps.length)
                                .mapToObj(i -> steps[i])
                                .toList();
                        return clients.submit(() -> own.stream()
                                .map(step -> succeeds(http, path, content, step))
                                .reduce(false, Boolean::logicalOr));
                    })
                    .toList();
            successes = running.stream().map(UploadRacesIT::result).toList();
        }

        var anybody = successes.contains(true);
        assertEquals(steps.length == 4, anybody);
        await().until(() -> account.pending() == 0);
        assertEquals(anybody ? 1 : 0, account.count("blobs"));
        await().until(() -> S3ProxyResource.count(account.id().toString()) == account.count("blobs"));
        if (anybody) {
            assertArrayEquals(content, as(account).send("GET", path, null).body());
        }
    }

    private static boolean succeeds(ResticHttp http, String path, byte[] content, Step step) {
        return switch (step) {
            case WHOLE -> {
                assertEquals(200, http.status("POST", path, content));
                yield true;
            }
            case TRUNCATED -> failed(http.cutOff(path, content.length, Arrays.copyOf(content, 70_000)), http, path);
            case OVERSIZED -> failed(http.cutOff(path, 100_000, content), http, path);
            case WRONG -> {
                assertEquals(400, http.status("POST", path, random(content.length)));
                http.send("DELETE", path, null);
                yield false;
            }
        };
    }

    private static boolean failed(String answer, ResticHttp http, String path) {
        assertTrue(!answer.startsWith("HTTP/1.1 200"), answer);
        http.send("DELETE", path, null);
        return false;
    }

    private static boolean result(Future<Boolean> running) {
        try {
            return running.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
