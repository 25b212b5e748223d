package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;
import org.domicile.client.http.RetryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectBackendTest {
    private static final Origin ORIGIN = new Origin("phone", "owner");
    private static final RepositoryPassword PASSWORD = new RepositoryPassword("secret");

    @TempDir
    Path temporary;

    private RestServer server;
    private DirectStore store;
    private Path source;
    private final Queue<String> notices = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start() throws IOException {
        server = new RestServer();
        store = new DirectStore(server);
        source = Files.createDirectory(temporary.resolve("source"));
        byte[] content = new byte[12 << 20];
        new Random(1).nextBytes(content);
        Files.write(source.resolve("photo"), content);
        Files.writeString(source.resolve("text"), "text");
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/direct/main/", "/elsewhere/direct/main/"})
    void packs_go_to_the_store_and_come_from_it_wherever_the_account_lives(String path) throws IOException {
        Backend backend = backend(path);

        roundTrip(backend);

        assertTrue(store.puts() >= 3, store.puts() + " puts");
        assertEquals(0, server.packBytesReceived());
        assertTrue(store.gets() >= 3, store.gets() + " gets");
        assertTrue(notices.isEmpty(), notices.toString());
    }

    @Test
    void where_direct_transfer_is_off_packs_go_through_the_service() throws IOException {
        store.refuse(404);

        roundTrip(backend("/direct/main/"));

        assertEquals(0, store.puts());
        assertTrue(server.packBytesReceived() > 12 << 20);
    }

    @Test
    void where_the_store_cannot_be_used_packs_go_through_the_service_and_the_person_is_told_once() throws IOException {
        store.makeUnreachable();

        roundTrip(backend("/direct/main/"));

        assertTrue(server.packBytesReceived() > 12 << 20);
        assertEquals(1, notices.size(), notices.toString());
        assertTrue(notices.element().startsWith("Content goes through the service"), notices.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 507})
    void a_refusal_for_consent_or_quota_is_not_tried_around(int status) throws IOException {
        Backend backend = backend("/direct/main/");
        store.refuse(status);

        ProblemException refused = assertThrows(ProblemException.class, () -> roundTrip(backend));

        assertEquals(status, refused.status());
        assertEquals(0, server.packBytesReceived());
    }

    private void roundTrip(Backend backend) throws IOException {
        Repository.init(backend, PASSWORD, ORIGIN, new SecureRandom(), Clock.systemUTC())
                .close();
        try (Repository repository = open(backend)) {
            new Backup(repository, ORIGIN, Tuning.standard()).run(source, progress -> {});
        }
        try (Repository repository = open(backend)) {
            Snapshot snapshot = repository.snapshot("latest").snapshot();
            new Restore(repository, Tuning.standard()).run(snapshot, temporary.resolve("restored"), progress -> {});
        }
        SampleFolder.assertSame(source, temporary.resolve("restored"));
    }

    private static Repository open(Backend backend) throws IOException {
        return Repository.open(backend, PASSWORD, new SecureRandom(), Clock.systemUTC());
    }

    private Backend backend(String path) {
        RetryPolicy quick = new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5));
        Http http = new Http(HttpClient.newHttpClient(), quick, new Random(1));
        Backend streaming = new RestBackend(
                http, URI.create("http://localhost:" + server.port() + "/restic/main/"), "device", "secret");
        return new DirectBackend(
                streaming,
                http,
                http,
                URI.create(store.origin() + path),
                "device",
                "secret",
                Bandwidth.unlimited(),
                Bandwidth.unlimited(),
                Clock.systemUTC(),
                notices::add);
    }
}
