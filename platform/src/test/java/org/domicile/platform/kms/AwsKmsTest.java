package org.domicile.platform.kms;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.domicile.platform.crypto.Kms;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kms.KmsAsyncClient;

/** AWS is outside the product: a server that speaks the documented protocol, and checks signatures, stands for it. */
class AwsKmsTest extends KmsContract {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** One for all clients: to end one takes two seconds. */
    private static final SdkEventLoopGroup LOOPS = SdkEventLoopGroup.builder().build();

    private static Vertx vertx;

    private AwsKmsServer server;
    private KmsAsyncClient client;

    @BeforeAll
    static void vertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        LOOPS.eventLoopGroup().shutdownGracefully();
    }

    @BeforeEach
    void server() {
        server = new AwsKmsServer(vertx);
        List.of("w1", "w2", FIRST_INDEX, SECOND_INDEX).forEach(server::add);
        client = client(AwsKmsServer.SECRET);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Override
    protected Kms kms() {
        return kms("w1", TIMEOUT);
    }

    @Override
    protected Kms rotated() {
        return kms("w2", TIMEOUT);
    }

    @Test
    void a_key_that_is_disabled_or_about_to_be_deleted_is_named() {
        var edek = get(kms().generateDekPair()).edek();
        for (var failure : List.of("DisabledException", "KMSInvalidStateException", "NotFoundException")) {
            server.failure = failure;
            assertUnavailable("\"w1\" is missing", kms().decryptEdek(edek));
        }
    }

    @Test
    void a_store_that_refuses_is_silent_or_away_is_an_outage() {
        var edek = get(kms().generateDekPair()).edek();

        for (var failure : List.of("AccessDeniedException", "ThrottlingException", "KMSInternalException")) {
            server.failure = failure;
            assertAllUnavailable("does not answer", kms(), edek);
        }
        server.failure = null;
        server.silent = true;
        assertAllUnavailable("does not answer", kms("w1", Duration.ofMillis(200)), edek);
        server.close();
        assertAllUnavailable("does not answer", kms(), edek);
    }

    @Test
    void who_signs_with_another_secret_gets_nothing() {
        try (var stranger = client("another")) {
            assertUnavailable(
                    "does not answer", new AwsKms(stranger, "w1", List.of(FIRST_INDEX), TIMEOUT).generateDekPair());
        }
    }

    private Kms kms(String wrappingKey, Duration timeout) {
        return new AwsKms(client, wrappingKey, List.of(FIRST_INDEX, SECOND_INDEX), timeout);
    }

    private KmsAsyncClient client(String secret) {
        return KmsAsyncClient.builder()
                .endpointOverride(server.url())
                .region(Region.of(AwsKmsServer.REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(AwsKmsServer.ACCESS_KEY, secret)))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().eventLoopGroup(LOOPS))
                .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }
}
