package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.domicile.client.testing.ScriptedServer;
import org.domicile.client.testing.ScriptedServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsentCommandTest {
    private static final String PUT = "PUT /v1/me/consents/backup";
    private static final String TEXT = "Only a client that encrypts by itself makes it readable by you alone.";

    @TempDir
    Path home;

    private ScriptedServer server;
    private CommandLineProcess domicile;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
        server.always(
                "GET /v1/me/consents",
                Answer.json(200, "{\"texts\":{\"backup\":{\"version\":\"2026-07\",\"text\":\"" + TEXT + "\"}}}"));
        domicile = new CommandLineProcess(home, server.port(), server.port());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void the_text_is_shown_and_its_version_is_what_is_agreed_to() throws Exception {
        server.always(PUT, Answer.json(200, "{\"granted\":true}"));

        CommandLineProcess.Result result = domicile.run("consent", "on", "backup");

        assertEquals(0, result.code(), result.output());
        assertTrue(result.output().indexOf(TEXT) >= 0, result.output());
        assertTrue(result.output().indexOf(TEXT) < result.output().indexOf("backup is on."), result.output());
        assertEquals(
                "2026-07",
                new ObjectMapper()
                        .readTree(server.lastBody(PUT))
                        .path("policyVersion")
                        .asText());
    }

    @Test
    void the_text_comes_before_the_consent_is_given() throws Exception {
        server.always(PUT, Answer.problem(409, "policy-outdated", "\"detail\":\"No.\""));

        CommandLineProcess.Result result = domicile.run("consent", "on", "backup");

        assertNotEquals(0, result.code());
        assertTrue(result.output().contains(TEXT), result.output());
        assertFalse(result.output().contains("backup is on."), result.output());
    }

    @Test
    void a_feature_without_a_text_is_not_switched_on() throws Exception {
        CommandLineProcess.Result result = domicile.run("consent", "on", "everything");

        assertNotEquals(0, result.code());
        assertTrue(result.output().contains("use one of backup"), result.output());
        assertEquals(0, server.count("PUT /v1/me/consents/everything"));
    }
}
