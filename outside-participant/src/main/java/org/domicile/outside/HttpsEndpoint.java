package org.domicile.outside;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** A system that is called over HTTPS with a bearer token and JSON. */
public final class HttpsEndpoint {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final long TIMEOUT_MILLIS = 30_000;

    private final WebClient http;
    private final String base;
    private final String token;

    public HttpsEndpoint(Vertx vertx, OutsideConfig.Endpoint config) {
        var options = new WebClientOptions()
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setKeepAlive(true)
                .setFollowRedirects(false);
        config.ca().ifPresent(ca -> options.setTrustOptions(new PemTrustOptions().addCertPath(ca.toString())));
        this.http = WebClient.create(vertx, options);
        this.base = config.url().toString().replaceAll("/$", "");
        if (!base.startsWith("https://")) {
            throw new IllegalStateException("\"" + base + "\" must be an https address");
        }
        try {
            this.token = Files.readString(config.tokenFile()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the token file " + config.tokenFile(), e);
        }
    }

    /** An answer that is not 2xx. */
    public static final class Refused extends RuntimeException {
        private final int status;
        private final String detail;

        Refused(String what, int status, String detail) {
            super(what + " was answered " + status, null, false, false);
            this.status = status;
            this.detail = detail;
        }

        public int status() {
            return status;
        }

        /** The sentence of a problem detail; empty if there was none. */
        public String detail() {
            return detail;
        }
    }

    public Uni<JsonObject> get(String path) {
        return send(HttpMethod.GET, path, null);
    }

    public Uni<JsonObject> put(String path, JsonObject body) {
        return send(HttpMethod.PUT, path, body);
    }

    public Uni<JsonObject> post(String path, JsonObject body) {
        return send(HttpMethod.POST, path, body);
    }

    private Uni<JsonObject> send(HttpMethod method, String path, JsonObject body) {
        var request = http.requestAbs(method, base + path)
                .timeout(TIMEOUT_MILLIS)
                .bearerTokenAuthentication(token)
                .putHeader("Accept", "application/json");
        return (body == null
                        ? request.send()
                        : request.putHeader("Content-Type", "application/json").sendBuffer(new Buffer(body.toBuffer())))
                .map(response -> answer(method + " " + path, response));
    }

    private static JsonObject answer(String what, HttpResponse<Buffer> response) {
        if (response.statusCode() / 100 != 2) {
            throw new Refused(what, response.statusCode(), detail(response));
        }
        return response.body() == null || response.body().length() == 0
                ? new JsonObject()
                : response.bodyAsJsonObject();
    }

    private static String detail(HttpResponse<Buffer> response) {
        var type = response.getHeader("Content-Type");
        return type != null && type.contains("json")
                ? response.bodyAsJsonObject().getString("detail", "")
                : "";
    }
}
