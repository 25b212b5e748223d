package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.domicile.client.testing.ScriptedServer;
import org.domicile.client.testing.ScriptedServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a computer whose profile has no backup password. */
class DeviceAddCommandTest {
    @TempDir
    Path home;

    private ScriptedServer server;
    private CommandLineProcess domicile;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
        server.always("POST /v1/me/devices", Answer.json(201, "{\"deviceId\":\"d\",\"secret\":\"s\"}"));
        domicile = new CommandLineProcess(home, server.port(), server.port());
        domicile.profile("new", "");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void an_account_with_a_backup_gets_no_second_password() throws Exception {
        server.always("GET /v1/me/repositories", Answer.json(200, "{\"repositories\":[{\"name\":\"main\"}]}"));

        CommandLineProcess.Result said = domicile.run("device", "add", "--profile", "new");
        JsonNode added = json(domicile.run("device", "add", "--profile", "new", "--json"));

        assertTrue(said.output().contains("lacks its password"), said.output());
        assertEquals("s", added.path("secret").asText());
        assertFalse(added.has("repositoryPassword"), added.toString());
    }

    @Test
    void an_account_without_a_backup_gets_the_password_of_its_first() throws Exception {
        server.always("GET /v1/me/repositories", Answer.json(200, "{\"repositories\":[]}"));

        JsonNode first = json(domicile.run("device", "add", "--profile", "new", "--json"));
        JsonNode second = json(domicile.run("device", "add", "--profile", "new", "--json"));

        assertFalse(first.path("repositoryPassword").asText().isEmpty(), first.toString());
        assertEquals(first.path("repositoryPassword"), second.path("repositoryPassword"));
    }

    private static JsonNode json(CommandLineProcess.Result result) throws IOException {
        assertEquals(0, result.code(), result.output());
        return new ObjectMapper().readTree(result.output());
    }
}
