package org.domicile.client.sdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.domicile.client.http.Http;
import org.domicile.client.http.RetryPolicy;
import org.domicile.client.testing.ScriptedServer;
import org.domicile.client.testing.ScriptedServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuardianTest {
    private static final String CONFIRM = "POST /v1/accounts/r/confirm";

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
    }

    @AfterEach
    void stop() {
        beijing.close();
        singapore.close();
    }

    @Test
    void a_minors_account_is_open_when_the_second_code_is_given() throws IOException {
        DomicileClient.Registration registration = client.registration("r", region("cn-north", beijing));
        beijing.next(CONFIRM, Answer.json(202, "{\"waitsFor\":\"confirmation\"}"));
        beijing.next(CONFIRM, Answer.json(201, "{\"accountId\":\"a\",\"homeRegion\":\"cn-north\"}"));

        assertTrue(client.give(registration, "111111").isEmpty());
        assertEquals("a", client.give(registration, "222222").orElseThrow().accountId());
    }

    @Test
    void who_expects_no_guardian_is_told_of_one() {
        beijing.next(CONFIRM, Answer.json(202, "{\"waitsFor\":\"confirmation\"}"));

        IOException told = assertThrows(
                IOException.class,
                () -> client.confirm(client.registration("r", region("cn-north", beijing)), "111111"));

        assertEquals("The account opens when the guardian has confirmed too", told.getMessage());
    }

    @Test
    void a_guardian_follows_the_account_to_its_home() throws IOException {
        beijing.next(
                "POST /v1/guardians/a/confirmations/c",
                Answer.problem(421, "wrong-region", "\"homeRegion\":\"ap-southeast\""));
        singapore.next("POST /v1/guardians/a/confirmations/c", Answer.json(200, "{\"kind\":\"CONSENT\"}"));

        assertEquals(
                "CONSENT",
                client.confirmAsGuardian("a/c", "111111").path("kind").asText());
    }

    private static Region region(String id, ScriptedServer server) {
        URI base = URI.create("http://127.0.0.1:" + server.port());
        return new Region(id, base, "domicile-device", Map.of(Service.ACCOUNT, base), null);
    }
}
