package org.domicile.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** An application's server: posts to endpoints (RFC 8030) and says who it is (RFC 8292), or does not. */
final class WebPushSender {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final HttpClient http;
    private final KeyPair keys;

    WebPushSender(HttpClient http) {
        this.http = http;
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            this.keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The uncompressed point, base64url: what a device registers with. */
    String publicKey() {
        var point = ((ECPublicKey) keys.getPublic()).getW();
        var encoded = new byte[65];
        encoded[0] = 4;
        put(point.getAffineX().toByteArray(), encoded, 33);
        put(point.getAffineY().toByteArray(), encoded, 65);
        return BASE64.encodeToString(encoded);
    }

    private static void put(byte[] number, byte[] into, int end) {
        var digits = number.length > 32 ? Arrays.copyOfRange(number, number.length - 32, number.length) : number;
        System.arraycopy(digits, 0, into, end - digits.length, digits.length);
    }

    /** @param content encrypted; @param headers beside {@code TTL} and {@code Content-Encoding} */
    HttpResponse<String> send(URI endpoint, byte[] content, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(endpoint)
                .header("TTL", "600")
                .header("Content-Encoding", "aes128gcm")
                .POST(BodyPublishers.ofByteArray(content));
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> cancel(URI message) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(message).DELETE().build(), BodyHandlers.ofString());
    }

    /** Takes the receipts that are there. */
    HttpResponse<String> receipts(URI from) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(from)
                .version(HttpClient.Version.HTTP_1_1)
                .header("Prefer", "wait=0");
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** The header that proves who sends to this origin. */
    Map<String, String> signed(URI origin) {
        try {
            var head = text("{\"typ\":\"JWT\",\"alg\":\"ES256\"}");
            var body = text("{\"aud\":\"" + origin + "\",\"exp\":"
                    + Instant.now().plusSeconds(600).getEpochSecond() + ",\"sub\":\"mailto:app@example.org\"}");
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(keys.getPrivate());
            signature.update((head + "." + body).getBytes(StandardCharsets.US_ASCII));
            var token = head + "." + body + "." + BASE64.encodeToString(signature.sign());
            return Map.of("Authorization", "vapid t=" + token + ", k=" + publicKey());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
