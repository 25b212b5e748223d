package org.domicile.platform.kms;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.domicile.platform.crypto.WrappedKey;

/** AWS KMS as its API reference has it (GenerateDataKey, Decrypt, ReEncrypt, GenerateMac), strict with callers: a wrong signature gets 400. */
final class AwsKmsServer {
    static final String ACCESS_KEY = "AKIDTEST";
    static final String SECRET = "test-secret";
    static final String REGION = "ap-southeast-1";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String MAC = "HmacSHA256";

    private final SigV4 signatures = new SigV4(ACCESS_KEY, SECRET, REGION, "kms");
    private final HttpServer server;
    private final Map<String, byte[]> keys = new HashMap<>();
    volatile boolean silent;
    volatile String failure;

    AwsKmsServer(Vertx vertx) {
        this.server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    URI url() {
        return URI.create("http://localhost:" + server.actualPort());
    }

    void add(String key) {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        keys.put(key, bytes);
    }

    void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }

    private void answer(HttpServerRequest request, Buffer body) {
        if (silent) {
            return;
        }
        if (!request.method().name().equals("POST")
                || !request.uri().equals("/")
                || !"application/x-amz-json-1.1".equals(request.getHeader("Content-Type"))
                || !signatures.signed(request, body)) {
            fail(request, "IncompleteSignatureException");
            return;
        }
        if (failure != null) {
            fail(request, failure);
            return;
        }
        try {
            operation(request, request.getHeader("X-Amz-Target"), new JsonObject(body));
        } catch (GeneralSecurityException | IllegalStateException e) {
            fail(request, "InvalidCiphertextException");
        }
    }

    private void operation(HttpServerRequest request, String target, JsonObject body) throws GeneralSecurityException {
        switch (target) {
            case "TrentService.GenerateDataKey" -> {
                if (has(request, body, Set.of("KeyId", "KeySpec"), "KeyId")) {
                    var dek = new byte["AES_256".equals(body.getString("KeySpec")) ? 32 : 16];
                    RANDOM.nextBytes(dek);
                    say(
                            request,
                            new JsonObject()
                                    .put("KeyId", body.getString("KeyId"))
                                    .put("Plaintext", text(dek))
                                    .put("CiphertextBlob", encrypt(body.getString("KeyId"), dek)));
                }
            }
            case "TrentService.Decrypt" -> {
                if (has(request, body, Set.of("KeyId", "CiphertextBlob"), "KeyId")) {
                    var plain = decrypt(body.getString("KeyId"), body.getString("CiphertextBlob"));
                    say(
                            request,
                            new JsonObject()
                                    .put("KeyId", body.getString("KeyId"))
                                    .put("Plaintext", text(plain)));
                }
            }
            case "TrentService.ReEncrypt" -> {
                if (has(request, body, Set.of("SourceKeyId", "DestinationKeyId", "CiphertextBlob"), "SourceKeyId")) {
                    var plain = decrypt(body.getString("SourceKeyId"), body.getString("CiphertextBlob"));
                    say(
                            request,
                            new JsonObject()
                                    .put("KeyId", body.getString("DestinationKeyId"))
                                    .put("CiphertextBlob", encrypt(body.getString("DestinationKeyId"), plain)));
                }
            }
            case "TrentService.GenerateMac" -> {
                if (has(request, body, Set.of("KeyId", "MacAlgorithm", "Message"), "KeyId")) {
                    var mac = Mac.getInstance(MAC);
                    mac.init(new SecretKeySpec(keys.get(body.getString("KeyId")), MAC));
                    say(
                            request,
                            new JsonObject()
                                    .put("KeyId", body.getString("KeyId"))
                                    .put("MacAlgorithm", body.getString("MacAlgorithm"))
                                    .put("Mac", text(mac.doFinal(bytes(body.getString("Message"))))));
                }
            }
            default -> fail(request, "UnknownOperationException");
        }
    }

    private boolean has(HttpServerRequest request, JsonObject body, Set<String> fields, String key) {
        if (!body.fieldNames().equals(fields)) {
            fail(request, "ValidationException");
            return false;
        }
        if (!keys.containsKey(body.getString(key))) {
            fail(request, "NotFoundException");
            return false;
        }
        return true;
    }

    private String encrypt(String key, byte[] plain) throws GeneralSecurityException {
        return text(new AesGcmWrap(null, RANDOM)
                .wrap(key, new SecretKeySpec(keys.get(key), "AES"), plain)
                .body());
    }

    private byte[] decrypt(String key, String blob) throws GeneralSecurityException {
        return new AesGcmWrap(null, RANDOM)
                .unwrap(new WrappedKey(key, bytes(blob)), new SecretKeySpec(keys.get(key), "AES"));
    }

    private static void say(HttpServerRequest request, JsonObject body) {
        request.response()
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .end(body.toBuffer());
    }

    private static void fail(HttpServerRequest request, String type) {
        request.response()
                .setStatusCode(400)
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .end(new JsonObject().put("__type", type).put("message", type).toBuffer());
    }

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64.getBytes(UTF_8));
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
