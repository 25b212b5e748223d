package org.domicile.platform.kms;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.domicile.platform.http.Answer;

/**
 * Speaks HTTPS to the transit engine of a Vault or OpenBao. A token that is refused is fetched again, once: it may have expired, or been
 * renewed by an agent.
 */
public final class VaultClient {
    private static final int CONNECTIONS = 16;
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;
    /** What the engine says of a key that it does not have (400). */
    private static final String NO_KEY = "key not found";

    private final Vertx vertx;
    private final HttpClient http;
    private final URI url;
    private final String mount;
    private final VaultToken token;
    private final Duration timeout;

    /**
     * @param url {@code https://…}, without a path
     * @param mount of the transit engine
     * @param ca authorities in PEM; empty for those of the JDK
     */
    public VaultClient(Vertx vertx, URI url, String mount, Optional<Path> ca, VaultLogin login, Duration timeout) {
        var options = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
                .setConnectTimeout((int) timeout.toMillis());
        ca.ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        this.http = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.vertx = vertx;
        this.url = url;
        this.mount = mount;
        this.token = new VaultToken(login, this::login);
        this.timeout = timeout;
    }

    /** @param key that is missing if the engine says so. @return the answer's {@code data} */
    Uni<JsonObject> post(String path, String key, JsonObject body) {
        return call(HttpMethod.POST, path, key, body.toBuffer());
    }

    Uni<JsonObject> get(String path, String key) {
        return call(HttpMethod.GET, path, key, Buffer.buffer());
    }

    private Uni<JsonObject> call(HttpMethod method, String path, String key, Buffer body) {
        var question = Uni.createFrom().completionStage(() -> token.get()
                .compose(held -> send(method, mount + "/" + path, held, body)
                        .compose(answer -> answer.status() != FORBIDDEN
                                ? Future.succeededFuture(answer)
                                : token.renewed(held).compose(t -> send(method, mount + "/" + path, t, body))))
                .map(answer -> data(answer, key))
                .toCompletionStage());
        return StoreCall.within(timeout, question)
                .onFailure(VaultClient::isOutage)
                .transform(KmsOutage::away);
    }

    private static boolean isOutage(Throwable failure) {
        return failure instanceof IOException
                || failure instanceof TimeoutException
                || failure instanceof VertxException;
    }

    private Future<String> login(JsonObject body, String mountOfLogin) {
        return send(HttpMethod.POST, "auth/" + mountOfLogin + "/login", null, body.toBuffer())
                .map(answer -> json(answer, "sign in").getJsonObject("auth").getString("client_token"));
    }

    private Future<Answer> send(HttpMethod method, String path, String held, Buffer body) {
        var request = new RequestOptions()
                .setMethod(method)
                .setHost(url.getHost())
                .setPort(url.getPort() < 0 ? 443 : url.getPort())
                .setURI("/v1/" + path)
                .setTimeout(timeout.toMillis());
        if (held != null) {
            request.putHeader("X-Vault-Token", held);
        }
        return Answer.to(vertx, http, request.putHeader("Content-Type", "application/json"), body);
    }

    private static JsonObject data(Answer answer, String key) {
        var refused = answer.status() == BAD_REQUEST;
        if (answer.status() == NOT_FOUND || refused && answer.body().toString().contains(NO_KEY)) {
            throw KmsOutage.missing(key);
        }
        if (refused) {
            throw new IllegalStateException("the key store refuses the request for the key \"" + key
                    + "\": what is to be unwrapped was not made with it");
        }
        return json(answer, "use the key \"" + key + "\"").getJsonObject("data");
    }

    private static JsonObject json(Answer answer, String what) {
        if (answer.status() != OK) {
            throw KmsOutage.away(
                    new IOException("the key store answers " + answer.status() + " to the wish to " + what));
        }
        try {
            return new JsonObject(answer.body());
        } catch (DecodeException e) {
            throw KmsOutage.away(new IOException("the key store does not answer in JSON", e));
        }
    }
}
