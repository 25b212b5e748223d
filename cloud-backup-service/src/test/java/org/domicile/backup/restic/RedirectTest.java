package org.domicile.backup.restic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.domicile.backup.testing.Programs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Why a moved repository is relayed: stock restic cannot be sent to another host. */
class RedirectTest {
    private static final Path RESTIC = Path.of("/usr/bin/restic");

    /** @param bytes of the body */
    private record Seen(String method, String path, int bytes, boolean credentials) {}

    private final List<Seen> before = new CopyOnWriteArrayList<>();
    private final List<Seen> after = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    private HttpServer old;
    private HttpServer home;
    private Predicate<Seen> redirected = seen -> true;
    private int status;

    @BeforeAll
    static void restic_is_installed() {
        assumeTrue(
                Files.isExecutable(RESTIC), "install the restic client to run this test: /usr/bin/restic is missing");
    }

    @BeforeEach
    void start() throws IOException {
        home = server();
        home.createContext("/", exchange -> answer(exchange, after, 0));
        home.start();
        old = server();
        old.createContext("/", exchange -> answer(exchange, before, status));
        old.start();
    }

    @AfterEach
    void stop() {
        old.stop(0);
        home.stop(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void restic_follows_without_its_credentials(int redirect) throws Exception {
        status = redirect;

        assertNotEquals(0, init().code());

        assertFalse(after.isEmpty());
        assertEquals(List.of(), after.stream().filter(Seen::credentials).toList());
        assertEquals(before.size(), before.stream().filter(Seen::credentials).count());
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void restic_does_not_send_a_body_again_elsewhere(int redirect) throws Exception {
        status = redirect;
        redirected = seen -> seen.bytes() > 0;

        var ended = init();

        assertNotEquals(0, ended.code());
        assertEquals(1, before.stream().filter(redirected).count(), ended.output());
        assertEquals(List.of(), after);
    }

    private Programs.Ended init() throws IOException, InterruptedException {
        return Programs.run(
                folder,
                Map.of(
                        "RESTIC_REPOSITORY",
                        "rest:http://device:secret@127.0.0.1:"
                                + old.getAddress().getPort() + "/restic/phone/",
                        "RESTIC_PASSWORD",
                        "correct horse",
                        "RESTIC_CACHE_DIR",
                        folder.resolve("cache").toString()),
                RESTIC.toString(),
                "init");
    }

    private void answer(HttpExchange exchange, List<Seen> log, int redirect) throws IOException {
        try (exchange) {
            var seen = new Seen(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestBody().readAllBytes().length,
                    exchange.getRequestHeaders().containsKey("Authorization"));
            log.add(seen);
            if (redirect != 0 && redirected.test(seen)) {
                exchange.getResponseHeaders()
                        .set("Location", "http://localhost:" + home.getAddress().getPort() + seen.path());
                exchange.sendResponseHeaders(redirect, -1);
                return;
            }
            var allowed = seen.method().equals("POST") ? 200 : 404;
            exchange.sendResponseHeaders(seen.credentials() ? allowed : 401, -1);
        }
    }

    private static HttpServer server() throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }
}
