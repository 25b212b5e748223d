package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.domicile.client.testing.ScriptedServer;
import org.domicile.client.testing.ScriptedServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountSecurityCommandTest {
    private static final Answer DONE = Answer.json(200, "{}");

    @TempDir
    Path home;

    private ScriptedServer server;
    private CommandLineProcess domicile;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
        domicile = new CommandLineProcess(home, server.port(), server.port());
        domicile.profile("lin", ",'password':'the old one'");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_changed_password_is_kept_where_the_old_one_was() throws Exception {
        server.always("PUT /v1/me/password", DONE);

        run("account", "password", "--password", "the new one");

        assertEquals("{\"password\":\"the new one\"}", server.lastBody("PUT /v1/me/password"));
        assertTrue(profile().contains("the new one"), profile());
        assertTrue(profile().contains("\"token\""), "this session goes on");
    }

    @Test
    void a_password_that_is_set_with_a_code_ends_the_session_here_too() throws Exception {
        server.always("POST /v1/discover", Answer.json(200, "{\"homeRegion\":\"here\"}"));
        server.always("POST /v1/password-resets/r", Answer.json(200, "{\"accountId\":\"a\"}"));

        run(
                "account",
                "reset-password",
                "--market",
                "SG",
                "--email",
                "lin@example.org",
                "--reference",
                "r",
                "--code",
                "123456",
                "--password",
                "the new one");

        assertTrue(profile().contains("the new one"), profile());
        assertFalse(profile().contains("\"token\""), profile());
    }

    @Test
    void one_session_is_ended_or_all_others_are_and_not_neither() throws Exception {
        server.always("DELETE /v1/me/sessions", DONE);
        server.always("DELETE /v1/me/sessions/s", DONE);

        run("account", "session", "end", "--others");
        run("account", "session", "end", "s");

        assertEquals(1, server.count("DELETE /v1/me/sessions"));
        assertEquals(1, server.count("DELETE /v1/me/sessions/s"));
        assertNotEquals(
                0, domicile.run("account", "session", "end", "--profile", "lin").code());
    }

    @Test
    void a_passkey_is_removed_by_its_id() throws Exception {
        server.always("DELETE /v1/me/passkeys/p", DONE);

        run("account", "passkey", "remove", "p");

        assertEquals(1, server.count("DELETE /v1/me/passkeys/p"));
    }

    private void run(String... arguments) throws Exception {
        var all = Stream.concat(Arrays.stream(arguments), Stream.of("--profile", "lin"))
                .toArray(String[]::new);
        var result = domicile.run(all);
        assertEquals(0, result.code(), result.output());
    }

    private String profile() throws IOException {
        return Files.readString(home.resolve("profiles/lin.json"));
    }
}
