package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.domicile.client.restic.RestServer;
import org.domicile.client.restic.StockRestic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryCommandTest {
    @TempDir
    Path temporary;

    private RestServer server;
    private CommandLineProcess domicile;
    private CommandLineProcess.Result backup;

    @BeforeEach
    void backUp() throws Exception {
        server = new RestServer();
        domicile = new CommandLineProcess(temporary.resolve("home"), server);
        Path source = Files.createDirectory(temporary.resolve("source"));
        Files.writeString(source.resolve("file"), "content");
        backup = domicile.run("backup", source.toString());
        assertEquals(0, backup.code(), backup.output());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void set_up_says_what_is_lost_without_a_recovery_key() {
        assertTrue(backup.output().contains("nobody can open it then, not the operator either"), backup.output());
    }

    @Test
    void the_words_open_the_backup_on_a_device_that_has_lost_the_password() throws Exception {
        List<String> words = create();
        domicile.profile("new", "");
        CommandLineProcess.Result locked = domicile.run("snapshots", "--profile", "new");
        assertTrue(locked.output().contains("lacks its password"), locked.output());

        CommandLineProcess.Result restored =
                domicile.answer(String.join(" ", words) + "\n", "recovery", "restore", "--profile", "new");

        assertEquals(0, restored.code(), restored.output());
        CommandLineProcess.Result snapshots = domicile.run("snapshots", "--profile", "new");
        assertTrue(snapshots.output().contains("1 snapshot"), snapshots.output());
    }

    @Test
    void the_words_are_a_password_of_stock_restic() throws Exception {
        assumeTrue(StockRestic.isInstalled());
        List<String> words = create();

        String output = StockRestic.run(
                "rest:http://device:secret@localhost:" + server.port() + "/restic/main/",
                String.join(" ", words),
                temporary,
                "snapshots");

        assertTrue(output.contains("1 snapshots"), output);
    }

    @Test
    void a_key_that_was_replaced_opens_nothing() throws Exception {
        List<String> old = create();
        assertEquals(1, domicile.run("recovery", "create").code());
        CommandLineProcess.Result replaced = domicile.run("recovery", "create", "--replace");
        assertEquals(0, replaced.code(), replaced.output());
        domicile.profile("new", "");
        Path file = Files.writeString(temporary.resolve("words"), String.join("\n", old));

        CommandLineProcess.Result restored =
                domicile.run("recovery", "restore", "--profile", "new", "--words-file", file.toString());

        assertEquals(1, restored.code());
        assertTrue(restored.output().contains("open no key of this backup"), restored.output());
    }

    private List<String> create() throws IOException, InterruptedException {
        CommandLineProcess.Result created = domicile.run("recovery", "create", "--json");
        JsonNode json = new ObjectMapper().readTree(created.output().getBytes(StandardCharsets.UTF_8));
        List<String> words = new ArrayList<>();
        json.path("words").forEach(word -> words.add(word.asText()));
        assertEquals(24, words.size(), created.output());
        return words;
    }
}
