package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;
import org.domicile.client.http.RetryPolicy;
import org.domicile.client.testing.ScriptedServer;
import org.domicile.client.testing.ScriptedServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final String TOKEN = "POST /realms/domicile/protocol/openid-connect/token";
    private static final String ME = "GET /v1/me";

    private final ScriptedServer beijing = new ScriptedServer();
    private final ScriptedServer singapore = new ScriptedServer();
    private Session session;

    @BeforeEach
    void signIn() throws IOException {
        for (ScriptedServer server : new ScriptedServer[] {beijing, singapore}) {
            server.always(TOKEN, Answer.json(200, "{\"access_token\":\"" + server.port() + "\",\"expires_in\":300}"));
        }
        RegionList regions = new RegionList(
                Map.of("cn-north", region("cn-north", beijing), "ap-southeast", region("ap-southeast", singapore)),
                null,
                null);
        RetryPolicy quick = new RetryPolicy(4, Duration.ofMillis(1), Duration.ofMillis(5));
        DomicileClient client = new DomicileClient(
                new Http(HttpClient.newHttpClient(), quick, new Random(1)), regions, Clock.systemUTC());
        session = client.signIn(regions.get("cn-north"), new Credential("a@example.com", new Secret("pw")));
    }

    @AfterEach
    void stop() {
        beijing.close();
        singapore.close();
    }

    @Test
    void a_421_is_followed_with_a_new_sign_in_at_the_new_home() throws IOException {
        beijing.always(ME, Answer.problem(421, "misdirected", "\"homeRegion\":\"ap-southeast\",\"epoch\":2"));
        singapore.next(ME, Answer.json(200, "{\"accountId\":\"a\"}").with("Domicile-Epoch", "2"));

        assertEquals(
                "a", session.get(Service.ACCOUNT, "/v1/me").path("accountId").asText());

        assertEquals("ap-southeast", session.home().id());
        assertEquals(2, session.epoch());
        assertEquals("Bearer " + singapore.port(), singapore.lastHeader(ME, "Authorization"));
        assertEquals("2", singapore.lastHeader(ME, "Domicile-Epoch"), "the new home may not have heard of it yet");
    }

    @Test
    void an_answer_from_before_a_move_is_not_believed() throws IOException {
        beijing.next(ME, Answer.json(200, "{\"n\":1}").with("Domicile-Epoch", "3"));
        beijing.next(ME, Answer.json(200, "{\"n\":2}").with("Domicile-Epoch", "2"));
        beijing.next(ME, Answer.json(200, "{\"n\":3}").with("Domicile-Epoch", "3"));

        assertEquals(1, session.get(Service.ACCOUNT, "/v1/me").path("n").asInt());
        assertEquals(3, session.get(Service.ACCOUNT, "/v1/me").path("n").asInt());
    }

    @Test
    void a_frozen_account_is_asked_again_and_an_ended_token_renewed() throws IOException {
        beijing.next(ME, Answer.problem(503, "frozen", "\"x\":1").with("Retry-After", "0"));
        beijing.next(ME, Answer.problem(401, "unauthorized", "\"x\":1"));
        beijing.next(ME, Answer.json(200, "{}"));

        session.get(Service.ACCOUNT, "/v1/me");

        assertEquals(2, beijing.count(TOKEN));
    }

    @Test
    void a_refusal_is_one_sentence_with_its_type() {
        beijing.always(ME, Answer.problem(403, "consent-required", "\"detail\":\"Backup is off.\""));

        ProblemException refused = assertThrows(ProblemException.class, () -> session.get(Service.ACCOUNT, "/v1/me"));

        assertEquals("Backup is off.", refused.getMessage());
        assertEquals("consent-required", refused.code());
    }

    @Test
    void a_wrong_password_is_said_so() {
        beijing.always(TOKEN, Answer.json(401, "{\"error\":\"invalid_grant\"}"));
        beijing.next(ME, Answer.problem(401, "unauthorized", "\"x\":1"));

        IOException refused = assertThrows(IOException.class, () -> session.get(Service.ACCOUNT, "/v1/me"));

        assertTrue(refused.getMessage().contains("password"), refused.getMessage());
    }

    @Test
    void regions_that_point_at_each_other_are_not_followed_for_ever() {
        beijing.always(ME, Answer.problem(421, "misdirected", "\"homeRegion\":\"ap-southeast\",\"epoch\":2"));
        singapore.always(ME, Answer.problem(421, "misdirected", "\"homeRegion\":\"cn-north\""));

        assertThrows(ProblemException.class, () -> session.get(Service.ACCOUNT, "/v1/me"));
    }

    private static Region region(String id, ScriptedServer server) {
        URI base = URI.create("http://localhost:" + server.port());
        return new Region(id, base.resolve("/realms/domicile"), "domicile-device", Map.of(Service.ACCOUNT, base), null);
    }
}
