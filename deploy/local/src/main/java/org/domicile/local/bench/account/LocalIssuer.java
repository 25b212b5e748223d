package org.domicile.local.bench.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An issuer of access tokens as Keycloak makes them (RS256), for an instance of the service that the benchmark starts for itself: nobody
 * signs in, and whoever reads the tokens checks them against its JWKS as it would Keycloak's.
 */
final class LocalIssuer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final Duration VALID = Duration.ofHours(12);
    private static final String KEY_ID = "bench";

    private final HttpServer server;
    private final KeyPair keys;

    LocalIssuer() throws IOException {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(
                "/.well-known/openid-configuration",
                Map.of(
                        "issuer", url(),
                        "jwks_uri", url() + "/jwks",
                        "token_endpoint", url() + "/token",
                        "authorization_endpoint", url() + "/auth"));
        answer("/jwks", Map.of("keys", List.of(jwk())));
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    String jwks() {
        return json(Map.of("keys", List.of(jwk())));
    }

    /** An owner's access token. */
    String token(UUID account) {
        var now = Instant.now();
        var claims = new LinkedHashMap<String, Object>();
        claims.put("exp", now.plus(VALID).getEpochSecond());
        claims.put("iat", now.getEpochSecond());
        claims.put("auth_time", now.getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iss", url());
        claims.put("sub", account.toString());
        claims.put("typ", "Bearer");
        claims.put("azp", "domicile-device");
        claims.put("sid", UUID.randomUUID().toString());
        claims.put("acr", "1");
        claims.put("realm_access", Map.of("roles", List.of("owner")));
        claims.put("scope", "openid");
        claims.put("preferred_username", account.toString());
        var content = part(json(Map.of("alg", "RS256", "typ", "JWT", "kid", KEY_ID))) + "." + part(json(claims));
        return content + "." + BASE64.encodeToString(signature(content));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(String path, Map<String, Object> body) {
        var bytes = json(body).getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private Map<String, Object> jwk() {
        var key = (RSAPublicKey) keys.getPublic();
        return Map.of(
                "kty",
                "RSA",
                "use",
                "sig",
                "alg",
                "RS256",
                "kid",
                KEY_ID,
                "n",
                BASE64.encodeToString(unsigned(key.getModulus())),
                "e",
                BASE64.encodeToString(unsigned(key.getPublicExponent())));
    }

    private byte[] signature(String content) {
        try {
            var signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(keys.getPrivate());
            signer.update(content.getBytes(StandardCharsets.US_ASCII));
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] unsigned(BigInteger number) {
        var bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String part(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
