package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.domicile.client.sdk.InboxKeys;
import org.domicile.client.testing.ScriptedServer;
import org.domicile.client.testing.ScriptedServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To one person, whose devices the service names as it likes. */
class MessageSendCommandTest {
    private static final String TO = "+6581234567";
    private static final String LOOKUP = "POST /v1/directory/lookup";
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path home;

    private final Map<String, InboxKeys.PublicInbox> keys = new ConcurrentHashMap<>();
    private ScriptedServer service;
    private CommandLineProcess domicile;

    @BeforeEach
    void start() throws IOException {
        service = new ScriptedServer();
        for (String device : List.of("phone", "tablet", "stranger")) {
            service.always("POST /push/" + device, Answer.json(201, ""));
        }
        domicile = new CommandLineProcess(home, service.port(), service.port());
        domicile.profile("default", ",'identifier':'Mei'");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void the_devices_of_the_first_message_are_believed() throws Exception {
        assertEquals(List.of("Accepted for 2 devices."), send("phone", "tablet"));
        assertEquals(List.of("Accepted for 2 devices."), send("tablet", "phone"));
    }

    @Test
    void a_device_that_the_lookup_adds_is_shown_once() throws Exception {
        send("phone");

        assertEquals(List.of(isNew("stranger"), "Accepted for 2 devices."), send("phone", "stranger"));
        assertEquals(List.of("Accepted for 2 devices."), send("phone", "stranger"));
    }

    @Test
    void a_device_that_replaces_all_earlier_ones_is_shown() throws Exception {
        send("phone");

        assertEquals(List.of(isNew("stranger"), "Accepted for 1 device."), send("stranger"));
    }

    @Test
    void a_device_that_a_refusal_adds_is_shown() throws Exception {
        send("phone");
        service.next("POST /push/phone", Answer.problem(409, "stale-devices", devices("phone", "stranger")));

        assertEquals(List.of(isNew("stranger"), "Accepted for 2 devices."), send("phone"));
    }

    @Test
    void a_key_that_changes_is_shown() throws Exception {
        send("phone");
        keys.remove("phone");

        assertEquals(
                List.of(
                        "The key of " + TO + "'s device phone has changed since the last message: ask them whether they"
                                + " reset it",
                        "Accepted for 1 device."),
                send("phone"));
    }

    private static String isNew(String device) {
        return "The device " + device + " of " + TO + " is new since the last message: ask them whether they added it";
    }

    /** @param found what the lookup answers; @return what the command says */
    private List<String> send(String... found) throws IOException, InterruptedException {
        service.next(LOOKUP, Answer.json(200, "{" + devices(found) + "}"));
        CommandLineProcess.Result result = domicile.run("message", "send", "--to", TO, "hello");
        assertEquals(0, result.code(), result.output());
        return result.output().lines().toList();
    }

    private String devices(String... ids) {
        return "\"devices\":[" + Arrays.stream(ids).map(this::device).collect(Collectors.joining(",")) + "]";
    }

    private String device(String id) {
        InboxKeys.PublicInbox inbox =
                keys.computeIfAbsent(id, any -> InboxKeys.generate(RANDOM).forSenders());
        return "{\"deviceId\":\"%s\",\"endpoint\":\"http://localhost:%d/push/%s\",\"p256dh\":\"%s\",\"auth\":\"%s\"}"
                .formatted(id, service.port(), id, inbox.p256dh(), inbox.auth());
    }
}
