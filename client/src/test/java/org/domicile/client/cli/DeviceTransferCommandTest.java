package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.domicile.client.restic.RestServer;
import org.domicile.client.testing.ScriptedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTransferCommandTest {
    private static final String ADD = "POST /v1/me/devices";

    @TempDir
    Path temporary;

    private RestServer server;
    private ScriptedServer account;
    private CommandLineProcess domicile;

    @BeforeEach
    void backUp() throws Exception {
        server = new RestServer();
        account = new ScriptedServer();
        account.always(ADD, ScriptedServer.Answer.json(201, "{\"deviceId\":\"device\",\"secret\":\"secret\"}"));
        domicile = new CommandLineProcess(temporary.resolve("home"), server.port(), account.port());
        Path source = Files.createDirectory(temporary.resolve("source"));
        Files.writeString(source.resolve("file"), "content");
        assertEquals(0, domicile.run("backup", source.toString()).code());
    }

    @AfterEach
    void stop() {
        server.close();
        account.close();
    }

    @Test
    void a_new_device_opens_the_backup_once_both_have_compared_their_words() throws Exception {
        Process accept = domicile.start("device", "transfer", "accept", "--profile", "phone", "--name", "Phone");
        try (BufferedReader output =
                        new BufferedReader(new InputStreamReader(accept.getInputStream(), StandardCharsets.UTF_8));
                OutputStream typed = accept.getOutputStream()) {
            String request = lineWith(output, "domicile-request-1.");
            String words = lineWith(output, "six words");

            CommandLineProcess.Result offered = domicile.answer("yes\n", "device", "transfer", "offer", request);

            assertEquals(0, offered.code(), offered.output());
            assertTrue(offered.output().contains(words.substring(words.indexOf(": ") + 2)), offered.output());
            String offer = offered.output()
                    .lines()
                    .filter(line -> line.startsWith("domicile-offer-1."))
                    .findFirst()
                    .orElseThrow();
            typed.write((offer + "\nyes\n").getBytes(StandardCharsets.UTF_8));
            typed.flush();
            assertEquals(0, accept.waitFor());
        }

        CommandLineProcess.Result snapshots = domicile.run("snapshots", "--profile", "phone");
        assertTrue(snapshots.output().contains("1 snapshot"), snapshots.output());
    }

    @Test
    void nothing_is_handed_over_when_the_words_differ() throws Exception {
        String request =
                new org.domicile.client.transfer.Transfer("Phone").request().encode();

        CommandLineProcess.Result offered = domicile.answer("no\n", "device", "transfer", "offer", request);

        assertEquals(1, offered.code());
        assertTrue(offered.output().contains("Nothing was handed over"), offered.output());
        assertEquals(0, account.count(ADD));
    }

    private static String lineWith(BufferedReader output, String text) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(text)) {
                return line;
            }
        }
        throw new AssertionError("no line with " + text);
    }
}
