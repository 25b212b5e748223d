package org.domicile.platform.kms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.platform.crypto.WrappedKey;
import org.domicile.platform.testing.TestAuthority;

/** The transit engine of Vault as its API documentation has it (datakey, encrypt, decrypt, rewrap, hmac, keys; login), strict with callers. */
final class VaultServer {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String MAC = "HmacSHA256";

    private final HttpServer server;
    private final Map<String, List<byte[]>> keys = new HashMap<>();
    private final List<String> refusals = new ArrayList<>();
    volatile String token = "t-1";
    volatile boolean silent;
    volatile int status;

    VaultServer(Vertx vertx, TestAuthority authority) {
        var identity = new PemKeyCertOptions()
                .setCertPath(authority.issue("vault").toString())
                .setKeyPath(authority.keyOf("vault").toString());
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(identity)
                        .setPort(0))
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    URI url() {
        return URI.create("https://localhost:" + server.actualPort());
    }

    /** What callers did that the documentation does not have. */
    List<String> refusals() {
        return refusals;
    }

    /** A key, or the next version of one that is there. */
    synchronized void rotate(String name) {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        keys.computeIfAbsent(name, n -> new ArrayList<>()).add(bytes);
    }

    void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }

    private void answer(HttpServerRequest request, Buffer body) {
        if (silent) {
            return;
        }
        if (status != 0) {
            say(request, status, errors("sealed"));
            return;
        }
        if (request.path().equals("/v1/auth/kubernetes/login")) {
            login(request, new JsonObject(body));
            return;
        }
        if (!token.equals(request.getHeader("X-Vault-Token"))) {
            say(request, 403, errors("permission denied"));
            return;
        }
        try {
            transit(request, body);
        } catch (GeneralSecurityException | IllegalStateException e) {
            say(request, 400, errors("cipher: message authentication failed"));
        }
    }

    private void login(HttpServerRequest request, JsonObject body) {
        if (body.equals(new JsonObject().put("role", "domicile-account").put("jwt", "signed-by-the-cluster"))) {
            say(request, 200, new JsonObject().put("auth", new JsonObject().put("client_token", token)));
        } else {
            say(request, 400, errors("missing role"));
        }
    }

    private synchronized void transit(HttpServerRequest request, Buffer content) throws GeneralSecurityException {
        var parts = request.path().split("/");
        var operation = parts[3];
        var name = parts[operation.equals("datakey") ? 5 : 4];
        if (!keys.containsKey(name)) {
            say(request, operation.equals("keys") ? 404 : 400, errors("encryption key not found"));
            return;
        }
        if (request.method() == HttpMethod.GET && operation.equals("keys")) {
            data(request, new JsonObject().put("latest_version", keys.get(name).size()));
            return;
        }
        var body = new JsonObject(content);
        check(request, operation, body);
        switch (operation) {
            case "datakey" -> {
                var dek = new byte[body.getInteger("bits") / Byte.SIZE];
                RANDOM.nextBytes(dek);
                data(request, new JsonObject().put("plaintext", text(dek)).put("ciphertext", encrypt(name, dek)));
            }
            case "encrypt" ->
                data(request, new JsonObject().put("ciphertext", encrypt(name, bytes(body.getString("plaintext")))));
            case "decrypt" ->
                data(request, new JsonObject().put("plaintext", text(decrypt(name, body.getString("ciphertext")))));
            case "rewrap" ->
                data(
                        request,
                        new JsonObject().put("ciphertext", encrypt(name, decrypt(name, body.getString("ciphertext")))));
            case "hmac" -> {
                var mac = Mac.getInstance(MAC);
                mac.init(new SecretKeySpec(keys.get(name).get(body.getInteger("key_version") - 1), MAC));
                data(
                        request,
                        new JsonObject().put("hmac", "vault:v1:" + text(mac.doFinal(bytes(body.getString("input"))))));
            }
            default -> refuse(request, "an operation that there is not: " + operation);
        }
    }

    private void check(HttpServerRequest request, String operation, JsonObject body) {
        BiFunction<String, Set<String>, Boolean> is =
                (path, fields) -> request.path().matches("/v1/transit/" + path)
                        && body.fieldNames().equals(fields);
        var known = request.method() == HttpMethod.POST
                && "application/json".equals(request.getHeader("Content-Type"))
                && switch (operation) {
                    case "datakey" -> is.apply("datakey/plaintext/[a-z0-9-]+", Set.of("bits"));
                    case "encrypt" -> is.apply("encrypt/[a-z0-9-]+", Set.of("plaintext"));
                    case "decrypt", "rewrap" -> is.apply(operation + "/[a-z0-9-]+", Set.of("ciphertext"));
                    case "hmac" -> is.apply("hmac/[a-z0-9-]+/sha2-256", Set.of("input", "key_version"));
                    default -> false;
                };
        if (!known) {
            refuse(request, request.method() + " " + request.path() + " " + body.fieldNames());
        }
    }

    private void refuse(HttpServerRequest request, String what) {
        refusals.add(what);
        throw new IllegalStateException(what);
    }

    private String encrypt(String name, byte[] plain) throws GeneralSecurityException {
        var version = keys.get(name).size();
        var key = new SecretKeySpec(keys.get(name).getLast(), "AES");
        return "vault:v" + version + ":"
                + text(new AesGcmWrap(null, RANDOM).wrap(name, key, plain).body());
    }

    private byte[] decrypt(String name, String ciphertext) throws GeneralSecurityException {
        var parts = ciphertext.split(":");
        var version = Integer.parseInt(parts[1].substring(1));
        var key = new SecretKeySpec(keys.get(name).get(version - 1), "AES");
        return new AesGcmWrap(null, RANDOM).unwrap(new WrappedKey(name, bytes(parts[2])), key);
    }

    private static void data(HttpServerRequest request, JsonObject data) {
        say(request, 200, new JsonObject().put("data", data));
    }

    private static void say(HttpServerRequest request, int status, JsonObject body) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.toBuffer());
    }

    private static JsonObject errors(String error) {
        return new JsonObject().put("errors", new JsonArray().add(error));
    }

    private static byte[] bytes(String base64) {
        try {
            return Base64.getDecoder().decode(base64.getBytes(UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
