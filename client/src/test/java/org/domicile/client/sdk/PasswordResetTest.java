package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
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

class PasswordResetTest {
    private static final Identifier LIN = Identifier.of("lin@example.org");
    private static final Secret PASSWORD = new Secret("another horse entirely");

    private final ScriptedServer beijing = new ScriptedServer();
    private final ScriptedServer singapore = new ScriptedServer();
    private DomicileClient client;

    @BeforeEach
    void start() {
        Map<String, Region> regions = new LinkedHashMap<>();
        regions.put("cn-north", region("cn-north", beijing));
        regions.put("ap-southeast", region("ap-southeast", singapore));
        RetryPolicy quick = new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(5));
        client = new DomicileClient(
                new Http(HttpClient.newHttpClient(), quick, new Random(1)),
                new RegionList(regions, null, null),
                Clock.systemUTC());
        for (ScriptedServer any : new ScriptedServer[] {beijing, singapore}) {
            any.always("POST /v1/discover", Answer.json(200, "{\"homeRegion\":\"ap-southeast\"}"));
        }
    }

    @AfterEach
    void stop() {
        beijing.close();
        singapore.close();
    }

    @Test
    void a_forgotten_password_is_asked_for_and_set_where_the_account_lives() throws IOException {
        singapore.next("POST /v1/password-resets", Answer.json(202, "{\"resetId\":\"r\"}"));
        singapore.next("POST /v1/password-resets/r", Answer.json(200, "{\"accountId\":\"a\"}"));

        DomicileClient.PasswordReset reset = client.resetPassword("SG", LIN);

        assertEquals("ap-southeast", reset.region().id());
        assertEquals("a", client.setPassword(reset, "123456", PASSWORD));
    }

    @Test
    void a_wrong_code_is_told() throws IOException {
        singapore.next("POST /v1/password-resets", Answer.json(202, "{\"resetId\":\"r\"}"));
        singapore.next("POST /v1/password-resets/r", Answer.problem(400, "wrong-code", "\"status\":400"));
        DomicileClient.PasswordReset reset = client.resetPassword("SG", LIN);

        ProblemException told = assertThrows(ProblemException.class, () -> client.setPassword(reset, "1", PASSWORD));

        assertEquals("wrong-code", told.code());
    }

    private static Region region(String id, ScriptedServer server) {
        URI base = URI.create("http://127.0.0.1:" + server.port());
        return new Region(id, base, "domicile-device", Map.of(Service.ACCOUNT, base), null);
    }
}
