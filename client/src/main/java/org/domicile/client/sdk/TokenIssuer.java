package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;

/** Gets tokens from a region's identity provider (OAuth 2.0, RFC 6749 sections 4.3 and 6). */
public final class TokenIssuer {
    private final Http http;
    private final Clock clock;
    private final Map<String, Lock> signIns = new ConcurrentHashMap<>();

    public TokenIssuer(Http http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    /**
     * One at a time for each user: Keycloak refuses a password that comes while another of the same user is checked.
     *
     * @throws IOException saying so when the name or password is wrong
     */
    public Tokens signIn(Region region, Credential credential) throws IOException {
        Lock signIn = signIns.computeIfAbsent(credential.username(), user -> new ReentrantLock());
        signIn.lock();
        try {
            return signInNow(region, credential);
        } finally {
            signIn.unlock();
        }
    }

    private Tokens signInNow(Region region, Credential credential) throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "password");
        form.put("username", credential.username());
        form.put("password", credential.password().reveal());
        form.put("scope", "openid");
        try {
            return request(region, form);
        } catch (ProblemException e) {
            if (e.status() == 400 || e.status() == 401) {
                throw new IOException(
                        "Sign-in at " + region.id()
                                + " was refused: check the e-mail or phone number and the password; after"
                                + " many tries, or during another sign-in, wait half a minute",
                        e);
            }
            throw e;
        }
    }

    /** Redeems an authorization code (RFC 6749 section 4.1.3, RFC 7636 section 4.5). */
    Tokens redeem(Region region, String code, Secret verifier, URI redirect) throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", redirect.toString());
        form.put("code_verifier", verifier.reveal());
        return request(region, form);
    }

    public Tokens refresh(Region region, Secret refreshToken) throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken.reveal());
        return request(region, form);
    }

    private Tokens request(Region region, Map<String, String> form) throws IOException {
        form.put("client_id", region.clientId());
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(URI.create(region.issuer() + "/protocol/openid-connect/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body))
                .build();
        JsonNode json = Json.parse(http.send(request, true).body());
        String refresh = json.path("refresh_token").asText(null);
        return new Tokens(
                new Secret(json.path("access_token").asText()),
                refresh == null ? null : new Secret(refresh),
                clock.instant().plusSeconds(json.path("expires_in").asLong(60)));
    }
}
