package org.domicile.account.testing;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.domicile.platform.testing.PlatformResource;

/** The account-service of {@code ap-southeast}, as far as others ask it: mutual TLS, at the address of the signed region list. */
public final class OtherRegion implements AutoCloseable {
    /** An answer that never comes. */
    public static final int SILENCE = 0;

    private final Vertx vertx = Vertx.vertx();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile int answer = 404;

    public OtherRegion() {
        vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setKeyCertOptions(identity("ap-southeast.account"))
                        .setTrustOptions(trust()))
                .requestHandler(this::take)
                .listen(AccountParts.otherPort())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** @param status of every answer from now on, or {@link #SILENCE} */
    public void answers(int status) {
        answer = status;
    }

    /** The identifiers that it was asked for since the last time. */
    public List<String> asked() {
        var all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    /** Asks the service under test for an identifier as whoever has that certificate. @return the status */
    public static int asks(String commonName, String identifier) {
        var vertx = Vertx.vertx();
        try {
            var options = new HttpClientOptions()
                    .setSsl(true)
                    .setKeyCertOptions(identity(commonName))
                    .setTrustOptions(trust());
            return vertx.createHttpClient(options)
                    .request(new RequestOptions()
                            .setMethod(HttpMethod.POST)
                            .setHost("localhost")
                            .setPort(AccountParts.peerPort())
                            .setURI("/internal/v1/discover"))
                    .compose(r -> r.putHeader("Content-Type", "application/json")
                            .send(new JsonObject().put("identifier", identifier).toBuffer()))
                    .map(response -> response.statusCode())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } finally {
            vertx.close();
        }
    }

    private void take(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            asked.add(body.toJsonObject().getString("identifier"));
            if (answer != SILENCE) {
                request.response().setStatusCode(answer).end();
            }
        });
    }

    private static PemKeyCertOptions identity(String commonName) {
        var authority = PlatformResource.authority();
        return new PemKeyCertOptions()
                .setCertPath(authority.issue(commonName).toString())
                .setKeyPath(authority.keyOf(commonName).toString());
    }

    private static PemTrustOptions trust() {
        return new PemTrustOptions()
                .addCertPath(PlatformResource.authority().ca().toString());
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
