package org.domicile.outside.remote;

import static org.domicile.platform.testing.TestRegions.CN;
import static org.domicile.platform.testing.TestRegions.SG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.domicile.outside.testing.Orders;
import org.domicile.outside.testing.Packaged;
import org.domicile.outside.testing.Tls;
import org.domicile.participant.example.Library;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.testing.PlatformResource;
import org.domicile.platform.testing.TestParts;
import org.domicile.platform.testing.TestRegions;
import org.domicile.platform.testing.Wait;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A library that was written from the guide moves an account between two regions, by the packaged participants beside it. */
class LibraryIT {
    private static final String TOKEN = "a token of the test";

    private static Orders orders;
    private static Site home;
    private static Site target;
    private static HttpClient http;

    /** The library of one region, and the participant beside it. */
    private record Site(HttpsServer server, URI url, Packaged participant) {
        static Site start(Packaged.Peers peers, String region) throws IOException {
            var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(Tls.of(region + ".library-itself")));
            new Library("library", region, TOKEN, Map.of(CN, publicKey(CN), SG, publicKey(SG)), null).serve(server);
            var url = URI.create("https://localhost:" + server.getAddress().getPort() + "/participant/v1");
            var settings = new TreeMap<String, String>();
            settings.put("domicile.outside.kind", "remote");
            settings.put("domicile.outside.remote.url", url.toString());
            settings.put(
                    "domicile.outside.remote.token-file",
                    Files.writeString(TestParts.folder().resolve("library.token"), TOKEN)
                            .toString());
            settings.put(
                    "domicile.outside.remote.ca",
                    PlatformResource.authority().ca().toString());
            settings.put("domicile.outside.remote.classes", String.join(",", Library.CLASSES));
            return new Site(
                    server, url, Packaged.start(peers, region, TestParts.database("library"), "postgres", settings));
        }

        void end() {
            participant.close();
            server.stop(0);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        var peers = Packaged.Peers.of("library");
        http = HttpClient.newBuilder().sslContext(Tls.of("reader")).build();
        orders = new Orders("library");
        home = Site.start(peers, CN);
        target = Site.start(peers, SG);
        home.participant().awaitReady();
        target.participant().awaitReady();
    }

    @AfterAll
    static void end() {
        home.end();
        target.end();
        orders.close();
    }

    @Test
    void an_account_moves_while_it_is_written_and_nothing_is_lost_or_left() throws Exception {
        var reader = AccountId.create();
        orders.home(reader, CN, CN, 1);
        orders.done(reader, CN, FenceMode.OWN, 1);
        var stop = new AtomicBoolean();
        var acknowledged = new AtomicInteger();
        var written = new HashSet<String>();
        var writer = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                var answer = write(home, reader, acknowledged.get() % 2 == 0 ? "books" : "loans");
                if (answer.statusCode() == 200) {
                    written.add(json(answer).path("key").textValue());
                    acknowledged.incrementAndGet();
                }
            }
        });
        Wait.until("it is written", () -> acknowledged.get() > 20);
        orders.order(FenceOperation.SHADOW, reader, SG, 2, 2);
        orders.done(reader, SG, FenceMode.SHADOW, 2);
        var before = acknowledged.get();
        Wait.until("writes go on", () -> acknowledged.get() > before + 5);

        orders.order(FenceOperation.FREEZE, reader, CN, 3, 2);
        var sealed = orders.manifest(reader, CN, FenceMode.FROZEN, 3);
        stop.set(true);
        writer.join();
        orders.close(reader, SG, 3, 2, sealed);
        var closed = orders.manifest(reader, SG, FenceMode.CLOSED, 3);
        assertEquals(sealed, closed);
        assertEquals(written, keys(target, reader));
        assertTrue(sealed.counter() >= written.size());

        orders.order(FenceOperation.ACTIVATE, reader, SG, 4, 2);
        orders.order(FenceOperation.KEEP, reader, CN, 4, 2);
        orders.home(reader, SG, CN, 4);
        orders.done(reader, SG, FenceMode.OWN, 4);
        orders.done(reader, CN, FenceMode.SHADOW, 4);
        assertEquals(503, write(home, reader, "books").statusCode());
        var first = write(target, reader, "books");
        assertEquals(200, first.statusCode());
        assertTrue(json(first).path("version").longValue() > sealed.counter());

        orders.order(FenceOperation.PURGE, reader, CN, 5, 2);
        var left = orders.done(reader, CN, FenceMode.NONE, 5).getJsonObject("left");
        assertEquals(0, left.getLong("rows"), left.encode());
        assertEquals(Set.of(), keys(home, reader));
    }

    @Test
    void an_aborted_move_leaves_the_target_empty_and_the_source_writing() throws Exception {
        var reader = AccountId.create();
        orders.home(reader, CN, CN, 1);
        orders.done(reader, CN, FenceMode.OWN, 1);
        assertEquals(200, write(home, reader, "books").statusCode());
        orders.order(FenceOperation.SHADOW, reader, SG, 2, 2);
        orders.done(reader, SG, FenceMode.SHADOW, 2);
        assertFalse(keys(target, reader).isEmpty());
        orders.order(FenceOperation.FREEZE, reader, CN, 3, 2);
        orders.done(reader, CN, FenceMode.FROZEN, 3);
        assertEquals(503, write(home, reader, "books").statusCode());

        orders.order(FenceOperation.ACTIVATE, reader, CN, 4, 2);
        orders.order(FenceOperation.PURGE, reader, SG, 4, 2);

        orders.done(reader, CN, FenceMode.OWN, 4);
        assertEquals(
                0,
                orders.done(reader, SG, FenceMode.NONE, 4).getJsonObject("left").getLong("rows"));
        assertEquals(200, write(home, reader, "books").statusCode());
        assertEquals(Set.of(), keys(target, reader));
    }

    private static HttpResponse<String> write(Site site, AccountId account, String recordClass) {
        return call(HttpRequest.newBuilder(URI.create(site.url() + "/accounts/" + account + "/check"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"class\":\"" + recordClass + "\"}")));
    }

    private static Set<String> keys(Site site, AccountId account) {
        var keys = new HashSet<String>();
        for (var recordClass : Library.CLASSES) {
            json(call(HttpRequest.newBuilder(URI.create(site.url() + "/accounts/" + account + "/keys/" + recordClass))))
                    .path("keys")
                    .fieldNames()
                    .forEachRemaining(keys::add);
        }
        return keys;
    }

    private static HttpResponse<String> call(HttpRequest.Builder request) {
        try {
            return http.send(
                    request.header("Authorization", "Bearer " + TOKEN).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String publicKey(String region) {
        return Base64.getEncoder().encodeToString(TestRegions.publicKey(region).getEncoded());
    }
}
