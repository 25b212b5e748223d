package org.domicile.backup.blob;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** The service does not start with a store that takes what it must refuse. */
class BucketAtStartTest {
    private HttpServer server;
    private S3AsyncClient s3;
    private final Set<String> stored = ConcurrentHashMap.newKeySet();
    private boolean compares = true;
    private boolean keeps = true;
    private int always;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        s3 = S3AsyncClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .forcePathStyle(true)
                .build();
    }

    @AfterEach
    void stop() {
        s3.close();
        server.stop(0);
    }

    @Test
    void a_store_that_compares_and_keeps_is_taken_at_every_start() {
        assertDoesNotThrow(this::look);
        assertDoesNotThrow(this::look);
    }

    @Test
    void a_store_that_does_not_compare_the_checksum_is_refused() {
        compares = false;

        assertTrue(refusal().contains("x-amz-checksum-sha256"), refusal());
    }

    @Test
    void a_store_that_overwrites_is_refused() {
        keeps = false;

        assertTrue(refusal().contains("If-None-Match"), refusal());
    }

    @Test
    void a_store_that_refuses_all_that_is_put_is_no_store_that_compares() {
        always = 403;

        assertTrue(refusal().contains("credentials"), refusal());
    }

    private void look() {
        new BucketAtStart(s3, "bucket").start(null);
    }

    private String refusal() {
        return assertThrows(IllegalStateException.class, this::look).getMessage();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(exchange.getRequestMethod().equals("PUT") ? put(exchange, body) : 200, -1);
        }
    }

    private int put(HttpExchange exchange, byte[] body) {
        var headers = exchange.getRequestHeaders();
        if (always != 0) {
            return always;
        }
        if (compares && !sha256(body).equals(headers.getFirst("x-amz-checksum-sha256"))) {
            return 400;
        }
        var isNew = stored.add(exchange.getRequestURI().getPath());
        return keeps && !isNew && "*".equals(headers.getFirst("If-None-Match")) ? 412 : 200;
    }

    private static String sha256(byte[] body) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
