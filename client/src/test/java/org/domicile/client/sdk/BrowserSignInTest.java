package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.domicile.client.http.Http;
import org.domicile.client.http.RetryPolicy;
import org.domicile.client.testing.ScriptedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrowserSignInTest {
    private static final URI REDIRECT = URI.create("http://127.0.0.1:1234/callback");

    private ScriptedServer issuer;
    private BrowserSignIn signIn;

    @BeforeEach
    void begin() {
        issuer = new ScriptedServer();
        Region home = new Region("here", URI.create("http://localhost:" + issuer.port()), "device", Map.of(), null);
        Http http = new Http(HttpClient.newHttpClient(), RetryPolicy.NONE, new Random(1));
        signIn = new BrowserSignIn(
                new TokenIssuer(http, Clock.systemUTC()),
                home,
                REDIRECT,
                Identifier.of("+6581234567"),
                new SecureRandom());
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void the_page_asks_for_a_code_with_a_challenge_and_comes_back_here() {
        Map<String, String> query = query(signIn.page());

        assertEquals("code", query.get("response_type"));
        assertEquals("S256", query.get("code_challenge_method"));
        assertEquals(43, query.get("code_challenge").length());
        assertEquals("http%3A%2F%2F127.0.0.1%3A1234%2Fcallback", query.get("redirect_uri"));
        assertEquals("%2B6581234567", query.get("login_hint"));
    }

    @Test
    void the_code_that_comes_back_is_redeemed() throws IOException {
        issuer.next(
                "POST /protocol/openid-connect/token",
                ScriptedServer.Answer.json(200, "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"expires_in\":300}"));

        Tokens tokens = signIn.finish("code=c&state=" + query(signIn.page()).get("state"));

        assertEquals("a", tokens.access().reveal());
    }

    @Test
    void an_answer_to_another_sign_in_and_a_refusal_are_told() {
        assertTrue(refusal("code=c&state=other").contains("another sign-in"));
        String state = query(signIn.page()).get("state");
        assertTrue(refusal("error=access_denied&state=" + state).contains("access_denied"));
        assertEquals(0, issuer.count("POST /protocol/openid-connect/token"));
    }

    private String refusal(String query) {
        return assertThrows(IOException.class, () -> signIn.finish(query)).getMessage();
    }

    private static Map<String, String> query(URI page) {
        return Arrays.stream(page.getRawQuery().split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1]));
    }
}
