package org.domicile.account.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.domicile.platform.testing.PlatformResource;

/**
 * The region's cloud-backup-service, as far as an export asks it: mutual TLS. It dies at everything that it is asked, once before it
 * answers and once in the middle of its answer, and then gives one record.
 */
public final class DyingBackup implements AutoCloseable {
    private static final String IDENTITY = "cn-north.backup";

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();

    public DyingBackup() {
        var authority = PlatformResource.authority();
        vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(authority.issue(IDENTITY).toString())
                                .setKeyPath(authority.keyOf(IDENTITY).toString()))
                        .setTrustOptions(
                                new PemTrustOptions().addCertPath(authority.ca().toString())))
                .requestHandler(this::take)
                .listen(AccountParts.backupPort())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void take(HttpServerRequest request) {
        var answer = answer(request).toBuffer();
        switch (asked.merge(request.uri(), 1, Integer::sum)) {
            case 1 -> request.connection().close();
            case 2 -> half(request, answer);
            default -> request.response().end(answer);
        }
    }

    private static void half(HttpServerRequest request, Buffer answer) {
        request.response()
                .putHeader("Content-Length", Integer.toString(answer.length()))
                .write(answer.slice(0, answer.length() / 2))
                .onComplete(written -> request.connection().close());
    }

    private static JsonArray answer(HttpServerRequest request) {
        if (request.getParam("after") == null) {
            return new JsonArray().add("files");
        }
        return Long.parseLong(request.getParam("after")) < 1
                ? new JsonArray()
                        .add(new JsonObject()
                                .put("key", "[\"letter.txt\"]")
                                .put("version", 1)
                                .put("data", new JsonObject().put("name", "letter.txt")))
                : new JsonArray();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
