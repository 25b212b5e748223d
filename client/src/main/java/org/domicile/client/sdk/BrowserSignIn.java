package org.domicile.client.sdk;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.domicile.client.http.ProblemException;

/**
 * One sign-in through a browser: authorization code with PKCE (RFC 7636, S256) and a redirect to this computer (RFC 8252, section 7.3).
 */
public final class BrowserSignIn {
    private final TokenIssuer issuer;
    private final Region home;
    private final URI redirect;
    private final Identifier hint;
    private final Secret verifier;
    private final String state;

    BrowserSignIn(TokenIssuer issuer, Region home, URI redirect, Identifier hint, SecureRandom random) {
        this.issuer = issuer;
        this.home = home;
        this.redirect = redirect;
        this.hint = hint;
        this.verifier = new Secret(random(random));
        this.state = random(random);
    }

    /** The page to open in the browser. */
    public URI page() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", home.clientId());
        query.put("redirect_uri", redirect.toString());
        query.put("scope", "openid");
        query.put("state", state);
        query.put("code_challenge_method", "S256");
        query.put("code_challenge", challenge());
        if (hint != null) {
            query.put("login_hint", hint.value());
        }
        return URI.create(home.issuer() + "/protocol/openid-connect/auth?"
                + query.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
    }

    /**
     * @param query what the browser brought back, the part after the question mark
     * @throws IOException when the sign-in was refused, or the answer is not for this one
     */
    public Tokens finish(String query) throws IOException {
        Map<String, String> answer = parse(query);
        if (!state.equals(answer.get("state"))) {
            throw new IOException("The browser brought an answer to another sign-in: start again");
        }
        if (!answer.containsKey("code")) {
            throw new IOException("The sign-in was refused ("
                    + answer.getOrDefault("error_description", answer.getOrDefault("error", "no reason given"))
                    + "): start again");
        }
        try {
            return issuer.redeem(home, answer.get("code"), verifier, redirect);
        } catch (ProblemException e) {
            throw new IOException("The sign-in at " + home.id() + " came too late or was used before: start again", e);
        }
    }

    private String challenge() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(verifier.reveal().getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Map<String, String> parse(String query) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : (query == null ? "" : query).split("&")) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(
                        field.substring(0, equals),
                        URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return fields;
    }

    /** 256 bits. */
    private static String random(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
