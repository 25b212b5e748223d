package org.domicile.backup.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.internal.PlatformDependent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.domicile.backup.blob.ObjectStore;
import org.domicile.backup.store.FaultyStore.Fault;
import org.domicile.backup.testing.BackupTest;
import org.domicile.backup.testing.ResticHttp;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A store that answers 503, stalls, cuts connections or damages what passes never becomes a success, a leak or a full memory. */
@QuarkusTest
@QuarkusTestResource(value = FaultyStore.class, restrictToAnnotatedClass = true)
@TestProfile(StoreFaultsIT.FewConnections.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StoreFaultsIT extends BackupTest {
    private static final int CONNECTIONS = 8;

    public static final class FewConnections implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.s3.async-client.max-concurrency", Integer.toString(CONNECTIONS),
                    "quarkus.s3.async-client.connection-acquisition-timeout", "10s",
                    "quarkus.s3.async-client.read-timeout", "3s",
                    "domicile.backup.sweep", "24h");
        }
    }

    @Inject
    ObjectStore objects;

    private final byte[] content = random(400_000);
    private final String path = "/restic/phone/data/" + sha256(content);

    @AfterEach
    void heal() {
        FaultyStore.set(Fault.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "CUT_REQUESTS", "CORRUPT_REQUESTS"})
    void an_upload_that_the_store_did_not_take_is_no_success_and_its_retry_is(Fault fault) {
        var account = consenting();
        var http = withRepository(account, "phone");
        FaultyStore.set(fault);

        assertEquals(503, http.status("POST", path, content));

        FaultyStore.set(Fault.NONE);
        assertEquals(404, http.status("HEAD", path, null));
        await().until(() -> account.pending() == 0);
        assertStores(http);
    }

    @Test
    void an_upload_whose_answer_was_lost_after_the_store_took_it_is_a_success() {
        var account = consenting();
        var http = withRepository(account, "phone");
        FaultyStore.set(Fault.LOSE_PUT_ANSWER);

        assertEquals(200, http.status("POST", path, content));

        assertEquals(Fault.NONE, FaultyStore.fault());
        assertArrayEquals(content, http.send("GET", path, null).body());
        assertEquals(1, account.count("blobs"));
    }

    @Test
    void a_small_content_whose_answer_was_lost_after_the_store_took_it_is_a_success() {
        var account = consenting();
        var http = withRepository(account, "phone");
        FaultyStore.set(Fault.LOSE_PUT_ANSWER);

        assertEquals(200, http.status("POST", "/restic/phone/config", "one".getBytes(US_ASCII)));

        assertEquals(Fault.NONE, FaultyStore.fault());
        assertArrayEquals(
                "one".getBytes(US_ASCII),
                http.send("GET", "/restic/phone/config", null).body());
    }

    @Test
    void an_object_is_never_overwritten() {
        var account = consenting();
        var key = ObjectStore.key(account.id(), UUID.randomUUID());
        var other = random(500);
        put(key, content);
        put(key, content);

        var refused = assertThrows(ProblemException.class, () -> put(key, other));

        assertEquals(ErrorCode.UNAVAILABLE, refused.code());
        assertEquals(Optional.of(sha256(content)), objects.sha256(key).await().indefinitely());
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "CUT_ANSWERS", "CORRUPT_ANSWERS", "STALL_ANSWERS"})
    void a_download_is_whole_and_right_or_fails(Fault fault) {
        var http = withRepository(consenting(), "phone");
        http.send("POST", path, content);
        FaultyStore.set(fault);

        assertTrue(fails(http));

        FaultyStore.set(Fault.NONE);
        assertArrayEquals(content, http.send("GET", path, null).body());
    }

    @Test
    void no_fault_leaks_a_connection() {
        var http = withRepository(consenting(), "phone");
        http.send("POST", path, content);
        for (var fault : EnumSet.complementOf(EnumSet.of(Fault.STALL, Fault.CLAIM_DELETION))) {
            FaultyStore.set(fault);
            atOnce(CONNECTIONS, i -> {
                var other = random(100_000 + i);
                http.status("POST", "/restic/phone/data/" + sha256(other), other);
                return fails(http);
            });
        }
        FaultyStore.set(Fault.NONE);

        atOnce(4 * CONNECTIONS, i -> http.status("GET", path, null)).forEach(status -> assertEquals(200, status));
        assertTrue(FaultyStore.open() <= CONNECTIONS, FaultyStore.open() + " connections are open");
    }

    @Test
    void a_store_that_stalls_holds_the_clients_back_and_not_their_bytes_in_memory() {
        var account = consenting();
        var http = withRepository(account, "phone");
        var large = random(8 << 20);
        var before = memory();
        FaultyStore.set(Fault.STALL);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var uploads = IntStream.range(0, CONNECTIONS)
                    .mapToObj(i -> {
                        var own = Arrays.copyOf(large, large.length - i);
                        return CompletableFuture.supplyAsync(
                                () -> http.status("POST", "/restic/phone/data/" + sha256(own), own), threads);
                    })
                    .toList();
            await().until(() -> account.pending() == CONNECTIONS && FaultyStore.stalled() >= CONNECTIONS);

            assertTrue(memory() - before < (long) CONNECTIONS * large.length / 2, (memory() - before) + " bytes");

            FaultyStore.set(Fault.NONE);
            uploads.forEach(upload -> assertEquals(200, upload.join()));
        }
        assertEquals(CONNECTIONS, account.count("blobs"));
    }

    private void put(String key, byte[] bytes) {
        objects.put(key, bytes, sha256(bytes)).await().indefinitely();
    }

    private static <T> List<T> atOnce(int count, IntFunction<T> work) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, count)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> work.apply(i), threads))
                    .toList();
            return all.stream().map(CompletableFuture::join).toList();
        }
    }

    private void assertStores(ResticHttp http) {
        assertEquals(200, http.status("POST", path, content));
        assertArrayEquals(content, http.send("GET", path, null).body());
    }

    /** Whether the client sees a failure: a status, or an answer that is cut off. */
    private boolean fails(ResticHttp http) {
        try {
            var answer = http.send("GET", path, null);
            if (answer.statusCode() == 200) {
                assertArrayEquals(content, answer.body());
            }
            return answer.statusCode() != 200;
        } catch (UncheckedIOException cut) {
            return true;
        }
    }

    /** Bytes outside of the heap. */
    private static long memory() {
        return PlatformDependent.usedDirectMemory();
    }
}
