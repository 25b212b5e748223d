package org.domicile.messaging.testing;

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
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import nl.martijndwars.webpush.Encoding;
import nl.martijndwars.webpush.Notification;
import nl.martijndwars.webpush.PushService;
import nl.martijndwars.webpush.Utils;
import org.bouncycastle.jce.interfaces.ECPublicKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/**
 * An application server. Messages are made by the library {@code nl.martijndwars:web-push}: encryption, header fields and
 * VAPID; they are posted to the service under test instead of the push origin.
 */
public final class Sender {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static {
        Security.addProvider(new BouncyCastleProvider());
    }

    private final URI service;
    private final KeyPair keys = ecKeys();
    private final KeyPair recipient = ecKeys();

    public Sender(URI service) {
        this.service = service;
    }

    public String publicKey() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Utils.encode((ECPublicKey) keys.getPublic()));
    }

    /** A message as the library makes it. @param ttl in seconds; @param topic null for none */
    public HttpResponse<String> send(String endpoint, String text, int ttl, String topic) {
        try {
            var notification = new Notification(
                    endpoint,
                    (ECPublicKey) recipient.getPublic(),
                    new SecureRandom().generateSeed(16),
                    text.getBytes(StandardCharsets.UTF_8),
                    ttl,
                    null,
                    topic);
            var post = new PushService(keys, "mailto:sender@example.org").preparePost(notification, Encoding.AES128GCM);
            var request = HttpRequest.newBuilder(local(endpoint))
                    .POST(BodyPublishers.ofByteArray(
                            post.getEntity().getContent().readAllBytes()));
            Arrays.stream(post.getAllHeaders())
                    .filter(h -> !h.getName().equalsIgnoreCase("Content-Length"))
                    .forEach(h -> request.header(h.getName(), h.getValue()));
            return exchange(request.build());
        } catch (GeneralSecurityException | IOException | JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The header {@code Authorization} with these claims, signed with this sender's key. */
    public String vapid(String audience, Instant expires) {
        try {
            var claims = new JwtClaims();
            claims.setAudience(audience);
            claims.setExpirationTime(NumericDate.fromSeconds(expires.getEpochSecond()));
            claims.setSubject("mailto:sender@example.org");
            var token = new JsonWebSignature();
            token.setHeader("typ", "JWT");
            token.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
            token.setPayload(claims.toJson());
            token.setKey(keys.getPrivate());
            return "vapid t=" + token.getCompactSerialization() + ", k=" + publicKey();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A wake-up without content. */
    public HttpResponse<String> wake(String endpoint, int ttl) {
        return post(endpoint, new byte[0], Map.of("TTL", Integer.toString(ttl)));
    }

    public HttpResponse<String> post(String endpoint, byte[] body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(local(endpoint)).POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return exchange(request.build());
    }

    public HttpResponse<String> delete(String location) {
        return exchange(HttpRequest.newBuilder(local(location)).DELETE().build());
    }

    private URI local(String endpoint) {
        return service.resolve(URI.create(endpoint).getPath());
    }

    private static HttpResponse<String> exchange(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair ecKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("ECDSA", "BC");
            generator.initialize(new ECGenParameterSpec("prime256v1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
