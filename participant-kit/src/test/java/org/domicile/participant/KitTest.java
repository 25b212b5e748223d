package org.domicile.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.domicile.participant.Kit.Finding;
import org.domicile.participant.example.Guard;
import org.domicile.participant.example.Library;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class KitTest {
    /** What each guard is missed by, at least. */
    private static final Map<Guard, String> FOUND_BY = Map.ofEntries(
            Map.entry(Guard.TOKEN, "authorisation"),
            Map.entry(Guard.SIGNATURE, "signature"),
            Map.entry(Guard.ISSUER, "signature"),
            Map.entry(Guard.ALGORITHM, "signature"),
            Map.entry(Guard.ADDRESS, "address"),
            Map.entry(Guard.OPENED_ONCE, "opened-once"),
            Map.entry(Guard.OPENED_TOMBSTONE, "tombstone"),
            Map.entry(Guard.EQUAL_EPOCH, "repeated-command"),
            Map.entry(Guard.LOWER_EPOCH, "late-command"),
            Map.entry(Guard.MISSING_ROW, "missing-row"),
            Map.entry(Guard.FENCE_FROZEN, "frozen"),
            Map.entry(Guard.FENCE_SHADOW, "shadow"),
            Map.entry(Guard.FENCE_CLOSED, "closed"),
            Map.entry(Guard.FENCE_NONE, "none"),
            Map.entry(Guard.FENCE_DELETIONS, "frozen"),
            Map.entry(Guard.FENCE_IN_THE_WRITE, "freeze-drains"),
            Map.entry(Guard.VERSION_OF_WRITE, "versions"),
            Map.entry(Guard.VERSION_OF_DELETION, "versions"),
            Map.entry(Guard.VERSION_ORDER, "pages"),
            Map.entry(Guard.EMPTY_SHADOW, "empty-shadow"),
            Map.entry(Guard.SHADOW_MODE, "closed"),
            Map.entry(Guard.SHADOW_EPOCH, "shadow-epoch"),
            Map.entry(Guard.NEWER_ONLY, "newer-only"),
            Map.entry(Guard.REMOVAL, "removal"),
            Map.entry(Guard.LOSSLESS, "round-trip"),
            Map.entry(Guard.KEPT_RECORDS, "kept-shadow"),
            Map.entry(Guard.CLOSE_OF_SHADOW, "close-needs-shadow"),
            Map.entry(Guard.COUNTER, "counter"),
            Map.entry(Guard.CANONICAL_ORDER, "digest"),
            Map.entry(Guard.DIGEST_KEY, "digest"),
            Map.entry(Guard.DIGEST_VERSION, "digest"),
            Map.entry(Guard.PURGE, "purge"),
            Map.entry(Guard.RETURN, "return"));

    private final java.security.KeyPair keys = SigningKey.generate();
    private HttpServer server;

    @AfterEach
    void end() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    void a_participant_written_from_the_guide_keeps_every_rule() throws IOException {
        var findings = findings(null, Kit.rules());
        assertEquals(List.of(), findings.stream().filter(f -> !f.holds()).toList());
        assertEquals(27, findings.size());
        assertEquals(
                findings.size(), findings.stream().map(Finding::name).distinct().count());
    }

    @ParameterizedTest
    @EnumSource
    void a_participant_that_lacks_a_guard_is_found(Guard guard) throws IOException {
        var finding = findings(guard, List.of(FOUND_BY.get(guard))).getFirst();
        assertFalse(finding.holds(), finding.rule());
    }

    @Test
    void every_guard_has_a_check_that_misses_it() {
        assertEquals(Set.copyOf(Arrays.asList(Guard.values())), FOUND_BY.keySet());
    }

    @Test
    void the_command_makes_a_key_then_tells_by_exit_code_and_json(@TempDir Path folder) throws IOException {
        var key = folder.resolve("check.key");
        var made = new StringWriter();
        assertEquals(2, run(made, "check", "http://localhost:1", "--key", key.toString()));
        var publicKey = made.toString().lines().toList().getLast();
        var token = Files.writeString(folder.resolve("token"), "secret\n");

        var url = serve(null, publicKey);
        var out = new StringWriter();
        assertEquals(
                0, run(out, "check", url.toString(), "--key", key.toString(), "--token", token.toString(), "--json"));
        var said = new ObjectMapper().readTree(out.toString());
        assertTrue(said.path("holds").asBoolean() && said.path("checks").size() == 27, out.toString());

        server.stop(0);
        var broken = serve(Guard.PURGE, publicKey);
        var table = new StringWriter();
        assertEquals(
                1,
                run(
                        table,
                        "check",
                        broken.toString(),
                        "--key",
                        key.toString(),
                        "--token",
                        token.toString(),
                        "--rule",
                        "purge,keys"));
        assertTrue(table.toString().contains("BROKEN purge"), table.toString());
    }

    private static int run(StringWriter out, String... arguments) {
        return new CommandLine(new ParticipantCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments);
    }

    private List<Finding> findings(Guard without, List<String> rules) throws IOException {
        var url = serve(
                without, Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()));
        return new Kit(
                        new ParticipantApi(HttpClient.newHttpClient(), url, "secret"),
                        new SigningKey("check", keys.getPrivate()))
                .run(rules, finding -> {});
    }

    private URI serve(Guard without, String publicKey) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        new Library("library", "cn-north", "secret", Map.of("check", publicKey), without).serve(server);
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/participant/v1");
    }
}
