package org.domicile.client.restic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.domicile.client.http.Http;
import org.domicile.client.http.RetryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a service or its store has lost costs the files that need it, and no others; an outage is no loss. */
class LostPackTest {
    private static final Origin ORIGIN = new Origin("phone", "owner");
    private static final RepositoryPassword PASSWORD = new RepositoryPassword("secret");
    private static final int FILES = 8;

    enum Loss {
        ROTTEN((server, path) -> server.rot(path, server.get(path).length / 2)),
        MISSING((server, path) -> server.lose(path, 404)),
        /** As of an object that its store does not have. */
        UNAVAILABLE((server, path) -> server.lose(path, 503));

        private final BiConsumer<RestServer, String> happens;

        Loss(BiConsumer<RestServer, String> happens) {
            this.happens = happens;
        }
    }

    @TempDir
    Path temporary;

    private final Queue<String> notices = new ConcurrentLinkedQueue<>();
    private RestServer server;
    private DirectStore store;
    private Backend backend;
    private Path source;
    private Path target;

    @BeforeEach
    void backup() throws IOException {
        server = new RestServer();
        store = new DirectStore(server);
        backend = streaming();
        target = temporary.resolve("target");
        source = Files.createDirectory(temporary.resolve("source"));
        Random random = new Random(1);
        for (int i = 0; i < FILES - 1; i++) {
            byte[] content = new byte[1 << 20];
            random.nextBytes(content);
            Files.write(source.resolve("photo" + i), content);
        }
        Files.createDirectory(source.resolve("folder"));
        Files.writeString(source.resolve("folder/text"), "text");
        Repository.init(backend, PASSWORD, ORIGIN, new SecureRandom(), Clock.systemUTC())
                .close();
        try (Repository repository = open()) {
            new Backup(repository, ORIGIN, Tuning.phone()).run(source, progress -> {});
        }
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_lost_pack_of_content_costs_the_files_that_need_it(Loss loss) throws IOException {
        loss.happens.accept(server, contentPack());

        assertPartlySafe(loss);
    }

    @ParameterizedTest
    @EnumSource
    void a_pack_that_the_store_has_lost_costs_no_more_when_it_is_fetched_directly(Loss loss) throws IOException {
        backend = direct();
        loss.happens.accept(server, contentPack());

        assertPartlySafe(loss);

        assertEquals(loss == Loss.UNAVAILABLE ? 1 : 0, notices.size(), notices.toString());
    }

    @Test
    void a_damaged_list_of_a_folder_costs_the_folder_and_not_its_neighbours_in_the_pack() throws IOException {
        server.rot(listsPack(), 0);

        Verify.Report report = verify();

        assertEquals(FILES - 1, report.safe());
        assertEquals(
                "folder/(everything in this folder)", report.unsafe().get(0).path());
        assertRestored(restore(), FILES - 1);
    }

    @Test
    void without_the_list_of_the_whole_nothing_is_safe() throws IOException {
        server.lose(listsPack(), 404);

        assertEquals(0, verify().safe());
        assertThrows(IOException.class, this::restore);
    }

    @Test
    void an_outage_is_a_failure_and_no_loss() {
        server.endAtPacks();

        assertThrows(IOException.class, this::verify);
        assertThrows(IOException.class, this::restore);
    }

    private void assertPartlySafe(Loss loss) throws IOException {
        Verify.Report report = verify();

        assertEquals(FILES, report.files());
        assertTrue(report.safe() > 0 && report.safe() < FILES, report.safe() + " safe");
        assertTrue(loss != Loss.ROTTEN || report.safe() == FILES - 1, report.safe() + " safe");
        assertEquals(FILES - report.safe(), report.unsafe().size());
        assertFalse(report.damage().isEmpty());
        assertRestored(restore(), report.safe());
    }

    private void assertRestored(Restore.Report report, long files) throws IOException {
        assertEquals(files, report.files());
        assertEquals(FILES - files, report.warnings().size());
        List<Path> found = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(target)) {
            walk.filter(Files::isRegularFile).forEach(found::add);
        }
        assertEquals(files, found.size());
        for (Path file : found) {
            assertArrayEquals(Files.readAllBytes(source.resolve(target.relativize(file))), Files.readAllBytes(file));
        }
    }

    /** One that a client may ask for in a single piece. */
    private String contentPack() {
        return server.names("data").stream()
                .filter(path -> size(path) > 1 << 20 && size(path) <= 4 << 20)
                .findFirst()
                .orElseThrow();
    }

    private String listsPack() {
        return server.names("data").stream()
                .min(Comparator.comparingInt(this::size))
                .orElseThrow();
    }

    private int size(String path) {
        return server.get(path).length;
    }

    private Verify.Report verify() throws IOException {
        try (Repository repository = open()) {
            return new Verify(repository, Tuning.phone()).run(progress -> {});
        }
    }

    private Restore.Report restore() throws IOException {
        try (Repository repository = open()) {
            return new Restore(repository, Tuning.phone())
                    .run(repository.snapshot("latest").snapshot(), target, progress -> {});
        }
    }

    private Repository open() throws IOException {
        return Repository.open(backend, PASSWORD, new SecureRandom(), Clock.systemUTC());
    }

    private Backend streaming() {
        return new RestBackend(
                http(), URI.create("http://localhost:" + server.port() + "/restic/main/"), "device", "secret");
    }

    private Backend direct() {
        return new DirectBackend(
                streaming(),
                http(),
                http(),
                URI.create(store.origin() + "/direct/main/"),
                "device",
                "secret",
                Bandwidth.unlimited(),
                Bandwidth.unlimited(),
                Clock.systemUTC(),
                notices::add);
    }

    private static Http http() {
        return new Http(
                HttpClient.newHttpClient(),
                new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(5)),
                new Random(1));
    }
}
