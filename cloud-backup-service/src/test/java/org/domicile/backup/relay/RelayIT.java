package org.domicile.backup.relay;

import static org.awaitility.Awaitility.await;
import static org.domicile.backup.testing.ResticHttp.random;
import static org.domicile.backup.testing.ResticHttp.sha256;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.internal.PlatformDependent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.domicile.backup.testing.ResticHttp;
import org.domicile.backup.testing.S3ProxyResource;
import org.domicile.backup.testing.TestAccount;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.FreePorts;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestRegions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both ends of the relay; a plain server plays the other region. */
@QuarkusTest
@QuarkusTestResource(value = RelayIT.WithOtherHome.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(S3ProxyResource.class)
class RelayIT {
    private static final int LARGE = 64 << 20;
    /** For all that a transfer may hold on its way, in both regions and the test. */
    private static final long MOST = LARGE / 4;

    private static final int PORT = FreePorts.next();

    public static final class WithOtherHome extends PlatformResource {
        /** After those of all tests. */
        @Override
        public int order() {
            return 1;
        }

        @Override
        public void init(Map<String, String> args) {
            super.init(Map.of("service", "backup", "peer:ap-southeast.backup", "https://localhost:" + PORT));
        }
    }

    @TestHTTPResource("/")
    URI base;

    @Inject
    Pool pool;

    @Inject
    PeerServer peerServer;

    /** The other region's: an instance of its own, apart from the metrics of the service under test. */
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        result(vertx.close());
    }

    @Test
    void a_large_upload_waits_with_its_client_while_the_home_does_not_read_and_arrives_whole() {
        var account = movedAway();
        var content = random(LARGE);
        var path = "/restic/phone/data/" + sha256(content);
        var arrived = new CompletableFuture<HttpServerRequest>();
        home(request -> {
            request.pause();
            arrived.complete(request);
        });
        var before = PlatformDependent.usedDirectMemory();
        var sending = CompletableFuture.supplyAsync(() -> http(account).status("POST", path, content));
        var request = arrived.orTimeout(20, TimeUnit.SECONDS).join();
        var seen = new AtomicLong(-1);
        await().until(() -> {
            var now = PlatformDependent.usedDirectMemory();
            return seen.getAndSet(now) == now;
        });

        assertTrue(seen.get() - before < MOST, (seen.get() - before) + " bytes");

        var body = Buffer.buffer(LARGE);
        request.handler(body::appendBuffer);
        request.endHandler(end -> request.response().end());
        request.resume();
        assertEquals(200, sending.join());
        assertArrayEquals(content, body.getBytes());
        assertNothingHere(account);
    }

    @Test
    void a_large_download_waits_at_the_home_while_its_client_does_not_read_and_arrives_whole() {
        var account = movedAway();
        var content = random(LARGE);
        home(request -> request.response()
                .putHeader("Content-Length", Integer.toString(LARGE))
                .end(Buffer.buffer(content)));

        assertArrayEquals(
                content,
                http(account)
                        .send("GET", "/restic/phone/data/" + sha256(content), null)
                        .body());
        assertNothingHere(account);
    }

    @Test
    void a_client_that_goes_ends_the_request_at_the_home() {
        var account = movedAway();
        var content = random(1_000_000);
        var begun = new CompletableFuture<Void>();
        var ended = new CompletableFuture<Throwable>();
        home(request -> {
            request.exceptionHandler(ended::complete);
            request.endHandler(whole -> ended.complete(null));
            request.handler(part -> begun.complete(null));
        });

        try (var upload = http(account).begin("/restic/phone/data/" + sha256(content), content.length)) {
            upload.send(Arrays.copyOf(content, 500_000));
            begun.orTimeout(20, TimeUnit.SECONDS).join();
        }

        assertTrue(ended.orTimeout(20, TimeUnit.SECONDS).join() != null, "the home took it for a whole one");
    }

    @Test
    void a_relayed_upload_whose_relay_goes_leaves_no_row_and_no_object_at_the_home() {
        var account = TestAccount.open(pool).consenting();
        http(account).send("POST", "/restic/phone/?create=true", null);
        var content = random(1_000_000);
        var client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setKeyCertOptions(identity("ap-southeast.backup"))
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(PlatformResource.authority().ca().toString())));
        HttpClientRequest request = result(client.request(
                HttpMethod.POST, peerServer.port(), "localhost", "/restic/phone/data/" + sha256(content)));
        request.putHeader("Authorization", account.basic()).putHeader("Content-Length", "1000000");
        result(request.write(Buffer.buffer(Arrays.copyOf(content, 500_000))));
        await().until(() -> account.pending() == 1);

        result(request.connection().close());

        await().untilAsserted(() -> {
            assertEquals(0, account.pending() + account.count("blobs"));
            assertEquals(0, S3ProxyResource.count(account.id().toString()));
        });
    }

    @Test
    void a_home_that_is_lost_in_the_middle_of_a_download_gives_no_whole_answer() {
        var account = movedAway();
        var content = random(1_000_000);
        home(request -> request.response()
                .putHeader("Content-Length", "1000000")
                .write(Buffer.buffer(Arrays.copyOf(content, 500_000)))
                .onSuccess(sent -> request.connection().close()));

        assertThrows(UncheckedIOException.class, () -> http(account)
                .send("GET", "/restic/phone/data/" + sha256(content), null));
    }

    @Test
    void a_home_of_an_answer_without_a_length_that_is_lost_gives_no_whole_answer() {
        var account = movedAway();
        home(request -> request.response().setChunked(true).write("[\"0\",").onSuccess(sent -> request.connection()
                .close()));

        assertThrows(UncheckedIOException.class, () -> http(account).send("GET", "/restic/phone/data/", null));
    }

    private ResticHttp http(TestAccount account) {
        return new ResticHttp(base, account.basic());
    }

    private TestAccount movedAway() {
        var account = TestAccount.open(pool);
        account.sql(
                "update fence set mode = 'SHADOW' where account_id = $1",
                Tuple.of(account.id().value()));
        account.sql(
                "insert into residency (account_id, home, epoch, previous, since) values ($1, $2, 2, $3, now())",
                Tuple.of(account.id().value(), TestRegions.SG, TestRegions.CN));
        return account;
    }

    private static void assertNothingHere(TestAccount account) {
        assertEquals(0, account.count("blobs") + account.count("uploads"));
        assertEquals(0, S3ProxyResource.count(account.id().toString()));
    }

    private void home(Consumer<HttpServerRequest> answer) {
        var server = vertx.createHttpServer(new HttpServerOptions()
                .setPort(PORT)
                .setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(identity("ap-southeast.backup"))
                .setTrustOptions(new PemTrustOptions()
                        .addCertPath(PlatformResource.authority().ca().toString())));
        result(server.requestHandler(answer::accept).listen());
    }

    private static PemKeyCertOptions identity(String name) {
        var authority = PlatformResource.authority();
        return new PemKeyCertOptions()
                .setCertPath(authority.issue(name).toString())
                .setKeyPath(authority.keyOf(name).toString());
    }

    private static <T> T result(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
