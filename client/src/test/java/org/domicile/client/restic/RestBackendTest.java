package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;
import org.domicile.client.http.RetryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestBackendTest {
    private static final Origin ORIGIN = new Origin("phone", "owner");
    private static final RepositoryPassword PASSWORD = new RepositoryPassword("secret");

    @TempDir
    Path temporary;

    private RestServer server;
    private Backend backend;

    @BeforeEach
    void start() throws IOException {
        server = new RestServer();
        backend = backend("device", "secret");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void packs_are_sent_at_the_same_time() throws IOException {
        Path source = Files.createDirectory(temporary.resolve("source"));
        byte[] packs = new byte[24 << 20];
        new Random(7).nextBytes(packs);
        Files.write(source.resolve("packs"), packs);
        Repository.init(backend, PASSWORD, ORIGIN, new SecureRandom(), Clock.systemUTC())
                .close();
        server.holdPacksUntil(2);

        try (Repository repository = open()) {
            new Backup(repository, ORIGIN, Tuning.standard()).run(source, progress -> {});
        }

        assertTrue(server.mostPacksOpen() >= 2, server.mostPacksOpen() + " packs at once");
        assertTrue(server.mostPacksOpen() <= Tuning.standard().transfers(), server.mostPacksOpen() + " packs at once");
    }

    @Test
    void a_backup_over_a_connection_that_fails_now_and_then_is_whole() throws IOException {
        Path source = SampleFolder.create(Files.createDirectory(temporary.resolve("source")));
        Repository.init(backend, PASSWORD, ORIGIN, new SecureRandom(), Clock.systemUTC())
                .close();
        server.failEvery(3);

        try (Repository repository = open()) {
            new Backup(repository, ORIGIN, Tuning.standard()).run(source, progress -> {});
        }
        try (Repository repository = open()) {
            assertTrue(new Verify(repository, Tuning.standard())
                    .run(progress -> {})
                    .isSafe());
            Snapshot snapshot = repository.snapshot("latest").snapshot();
            new Restore(repository, Tuning.standard()).run(snapshot, temporary.resolve("restored"), progress -> {});
        }

        SampleFolder.assertSame(source, temporary.resolve("restored"));
        assertTrue(server.failures() > 3);
    }

    @Test
    void files_are_stored_listed_read_in_part_and_removed() throws IOException {
        byte[] content = {1, 2, 3, 4};
        String name = Id.hash(content).toString();
        backend.save(FileType.INDEX, name, List.of(new byte[] {1, 2}, new byte[] {3, 4}));

        assertEquals(List.of(new Backend.Entry(name, 4)), backend.list(FileType.INDEX));
        assertEquals(3, backend.load(FileType.INDEX, name, 2, 2)[0]);
        assertTrue(backend.exists(FileType.INDEX, name));
        backend.remove(FileType.INDEX, name);
        backend.remove(FileType.INDEX, name);
        assertFalse(backend.exists(FileType.INDEX, name));
        assertThrows(FileNotFoundException.class, () -> backend.load(FileType.INDEX, name));
    }

    /** The least time, not the most: a slow machine does not fail it. */
    @Test
    void a_bandwidth_limit_paces_what_is_sent_and_received() throws IOException {
        byte[] content = new byte[1 << 20];
        String name = Id.hash(content).toString();
        Backend paced = backend("device", "secret", Bandwidth.of(1024));

        long start = System.nanoTime();
        paced.save(FileType.PACK, name, List.of(content));
        long saved = System.nanoTime();
        byte[] loaded = paced.load(FileType.PACK, name, 0, content.length);
        long end = System.nanoTime();

        assertEquals(content.length, loaded.length);
        assertTrue(saved - start > 800_000_000L, "sent in " + (saved - start) / 1_000_000 + " ms");
        assertTrue(end - saved > 800_000_000L, "received in " + (end - saved) / 1_000_000 + " ms");
    }

    @Test
    void a_wrong_secret_is_refused() {
        Backend stranger = backend("device", "wrong");

        ProblemException refused = assertThrows(ProblemException.class, () -> stranger.list(FileType.KEY));

        assertEquals(401, refused.status());
    }

    private Backend backend(String user, String secret) {
        return backend(user, secret, Bandwidth.unlimited());
    }

    private Backend backend(String user, String secret, Bandwidth bandwidth) {
        RetryPolicy quick = new RetryPolicy(6, Duration.ofMillis(1), Duration.ofMillis(5));
        Http http = new Http(HttpClient.newHttpClient(), quick, new Random(1));
        URI base = URI.create("http://localhost:" + server.port() + "/restic/main/");
        return new RestBackend(http, base, user, secret, bandwidth, bandwidth);
    }

    private Repository open() throws IOException {
        return Repository.open(backend, PASSWORD, new SecureRandom(), Clock.systemUTC());
    }
}
