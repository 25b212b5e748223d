package org.domicile.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.domicile.client.testing.ScriptedServer;
import org.domicile.client.testing.ScriptedServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountExportTest {
    private static final String ROOT = "00000000-0000-0000-0000-000000000000";

    @TempDir
    Path temporary;

    private ScriptedServer server;
    private CommandLineProcess domicile;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
        domicile = new CommandLineProcess(temporary.resolve("home"), server.port(), server.port());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void the_files_that_the_archive_names_are_fetched_and_held_against_it() throws Exception {
        byte[] letter = "Dear Ada".getBytes(UTF_8);
        byte[] archive = archive(
                resource("f", ROOT, "Briefe & 信", null, null)
                        + resource("a", "f", "50% + 1?.txt", "1", null)
                        + resource("b", ROOT, "changed", "2", null)
                        + resource("c", ROOT, "gone", "3", null)
                        + resource("d", ROOT, "thrown away", "4", "2026-01-01T00:00:00Z"),
                content("1", sha256(letter))
                        + content("2", sha256(letter))
                        + content("3", sha256(letter))
                        + content("4", sha256(letter)));
        ready(archive);
        server.always("GET /dav/Briefe & 信/50% + 1?.txt", new Answer(200, Map.of(), letter));
        server.always("GET /dav/changed", new Answer(200, Map.of(), "Dear Eve".getBytes(UTF_8)));
        server.always("GET /dav/gone", Answer.problem(404, "not-found", "\"detail\":\"gone\""));

        CommandLineProcess.Result export = export();

        assertEquals(3, export.code(), export.output());
        JsonNode files = new ObjectMapper().readTree(export.output()).path("files");
        assertEquals("{\"fetched\":1,\"changed\":[\"changed\",\"gone\"],\"trashed\":1}", files.toString());
        assertArrayEquals(archive, Files.readAllBytes(temporary.resolve("me.zip")));
        Path folder = temporary.resolve("files");
        assertArrayEquals(letter, Files.readAllBytes(folder.resolve("Briefe & 信/50% + 1?.txt")));
        try (var left = Files.list(folder)) {
            assertEquals(1, left.count(), "nothing of what is not as the archive says");
        }
        assertEquals(
                "Basic " + Base64.getEncoder().encodeToString("device:secret".getBytes(UTF_8)),
                server.lastHeader("GET /dav/changed", "Authorization"));
        assertEquals(0, server.count("GET /dav/thrown away"));
    }

    @Test
    void a_name_that_leads_out_of_the_folder_is_refused() throws Exception {
        ready(archive(resource("a", ROOT, "../escaped", "1", null), content("1", sha256(new byte[0]))));

        CommandLineProcess.Result export = export();

        assertEquals(1, export.code(), export.output());
        assertTrue(export.output().contains("leads out of the folder"), export.output());
        assertFalse(Files.exists(temporary.resolve("escaped")));
    }

    @Test
    void files_without_an_archive_are_refused() throws Exception {
        CommandLineProcess.Result refused = domicile.run("account", "export", "--with-files", "files");

        assertEquals(1, refused.code());
        assertTrue(refused.output().contains("say --to, too"), refused.output());
        assertEquals(0, server.count("POST /v1/me/export"));
    }

    private CommandLineProcess.Result export() throws Exception {
        return domicile.run(
                "account",
                "export",
                "--json",
                "--to",
                temporary.resolve("me.zip").toString(),
                "--with-files",
                temporary.resolve("files").toString());
    }

    private void ready(byte[] archive) throws Exception {
        server.always(
                "POST /v1/me/export",
                Answer.json(
                        202,
                        "{\"state\":\"READY\",\"archive\":\"/v1/me/export/1/archive\",\"sha256\":\"" + sha256(archive)
                                + "\"}"));
        server.always("GET /v1/me/export/1/archive", new Answer(200, Map.of(), archive));
    }

    private static byte[] archive(String resources, String contents) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, UTF_8)) {
            zip.putNextEntry(new ZipEntry("backup/webdav-contents.jsonl"));
            zip.write(contents.getBytes(UTF_8));
            zip.putNextEntry(new ZipEntry("backup/webdav-resources.jsonl"));
            zip.write(resources.getBytes(UTF_8));
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    /** As the service writes it: keys are JSON in a text, and details are. */
    private static String resource(String id, String parent, String name, String content, String trashedAt) {
        return "{\"key\":\"[\\\"%s\\\"]\",\"version\":1,\"data\":{\"parent_id\":\"%s\",\"details\":\"{\\\"name\\\":\\\"%s\\\"}\",\"content_id\":%s,\"trashed_at\":%s}}\n"
                .formatted(id, parent, name, text(content), text(trashedAt));
    }

    private static String content(String id, String sha256) {
        return "{\"key\":\"[\\\"%s\\\"]\",\"version\":1,\"data\":{\"details\":\"{\\\"sha256\\\":\\\"%s\\\"}\"}}\n"
                .formatted(id, sha256);
    }

    private static String text(String value) {
        return value == null ? "null" : "\"" + value + "\"";
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
