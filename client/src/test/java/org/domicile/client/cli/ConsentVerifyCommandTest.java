package org.domicile.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.domicile.client.testing.ScriptedServer;
import org.domicile.client.testing.ScriptedServer.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner, and an auditor, on a ledger of two entries. */
class ConsentVerifyCommandTest {
    private static final String AUDIT = "GET /v1/consents/verification";
    private static final String ACCOUNT = "0198f3c2-0000-7000-8000-000000000001";
    private static final String NOTHING = "0".repeat(64);

    @TempDir
    Path home;

    private ScriptedServer server;
    private CommandLineProcess domicile;
    private KeyPair region;

    @BeforeEach
    void start() throws Exception {
        server = new ScriptedServer();
        region = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        domicile = new CommandLineProcess(home, server.port(), server.port());
        Files.writeString(home.resolve("stack.json"), """
                {"ca":"ca.pem","operator":{"username":"auditor","password":"secret"},"regions":{%s,%s}}
                """.formatted(region("here"), region("there")));
        Files.writeString(home.resolve("regions.jws"), "{\"regions\":{" + region("here") + "}}");
        server.always("GET /v1/me", Answer.json(200, "{\"accountId\":\"" + ACCOUNT + "\"}"));
        server.always("GET /v1/receipts", Answer.json(200, "[]"));
        server.always(
                "POST /protocol/openid-connect/token",
                Answer.json(200, "{\"access_token\":\"token\",\"expires_in\":300}"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void an_owners_ledger_that_holds_ends_with_success_and_a_changed_entry_with_failure() throws Exception {
        ledger(first(true), second());
        CommandLineProcess.Result holds = domicile.run("consent", "verify");
        assertEquals(0, holds.code(), holds.output());
        assertTrue(holds.output().contains("2 entries"), holds.output());

        ledger(first(true).replace("\"granted\":true", "\"granted\":false"), second());
        CommandLineProcess.Result broken = domicile.run("consent", "verify");
        assertEquals(1, broken.code(), broken.output());
        assertTrue(broken.output().contains("broken at entry 1"), broken.output());
    }

    @Test
    void a_ledger_that_was_cut_or_written_anew_is_found_by_the_receipts() throws Exception {
        String second = second();
        server.always(
                "GET /v1/receipts",
                Answer.json(200, "[{\"id\":\"m\",\"kind\":\"move\"},{\"id\":\"r\",\"kind\":\"consent\"}]"));
        server.always("GET /v1/receipts/r", receipt("{\"sequence\":2,\"hash\":\"" + hashOf(second) + "\"}"));
        ledger(first(true), second);
        assertEquals(0, domicile.run("consent", "verify").code());

        ledger(first(true));
        CommandLineProcess.Result cut = domicile.run("consent", "verify");
        assertEquals(1, cut.code(), cut.output());
        assertTrue(cut.output().contains("broken at entry 2"), cut.output());

        String anew = entry(1, false, NOTHING);
        ledger(anew, entry(2, true, hashOf(anew)));
        CommandLineProcess.Result rewritten = domicile.run("consent", "verify");
        assertEquals(1, rewritten.code(), rewritten.output());
        assertTrue(rewritten.output().contains("broken at entry 2"), rewritten.output());
    }

    @Test
    void an_auditor_follows_every_page_of_every_region() throws Exception {
        server.next(AUDIT, page(1_000, 0, "", ",\"next\":\"" + ACCOUNT + "\""));
        server.next(AUDIT, page(7, 0, "", ",\"next\":\"published-0-0\""));
        server.next(AUDIT, page(0, 1_007, "", ""));
        server.always(AUDIT, page(1, 1, "", ",\"next\":null"));

        CommandLineProcess.Result result = domicile.run("consent", "verify", "--all");

        assertEquals(0, result.code(), result.output());
        assertTrue(result.output().contains("here: 1007 ledgers hold, and 1007 published"), result.output());
        assertTrue(result.output().contains("there: 1 ledgers hold"), result.output());
        assertEquals(List.of("null", "after=" + ACCOUNT, "after=published-0-0", "null"), server.queries(AUDIT));
    }

    @Test
    void a_broken_link_ends_with_failure_and_is_named_with_its_account() throws Exception {
        server.next(AUDIT, page(1_000, 0, "", ",\"next\":\"" + ACCOUNT + "\""));
        server.next(AUDIT, page(7, 0, "{\"accountId\":\"" + ACCOUNT + "\",\"sequence\":4}", ""));

        CommandLineProcess.Result result = domicile.run("consent", "verify", "--all", "--region", "there");

        assertEquals(1, result.code(), result.output());
        assertTrue(
                result.output().contains("there: the ledger of " + ACCOUNT + " is broken at entry 4."),
                result.output());
        assertEquals(2, server.count(AUDIT));
    }

    @Test
    void a_region_that_does_not_answer_is_not_taken_for_one_that_holds() throws Exception {
        server.always(AUDIT, Answer.problem(403, "forbidden", "\"detail\":\"Only auditors may.\""));

        assertEquals(1, domicile.run("consent", "verify", "--all").code());
    }

    private void ledger(String... entries) {
        server.always("GET /v1/me/consents", Answer.json(200, "{\"ledger\":[" + String.join(",", entries) + "]}"));
    }

    private static Answer page(int accounts, int published, String broken, String next) {
        return Answer.json(
                200,
                "{\"accounts\":" + accounts + ",\"published\":" + published + ",\"broken\":[" + broken + "]" + next
                        + "}");
    }

    private static String first(boolean granted) throws Exception {
        return entry(1, granted, NOTHING);
    }

    private static String second() throws Exception {
        return entry(2, false, hashOf(first(true)));
    }

    /** Hashed by hand, in the order that the format says. */
    private static String entry(int sequence, boolean granted, String previous) throws Exception {
        String content = "\"at\":\"2026-11-22T12:00:01Z\",\"feature\":\"backup\",\"granted\":" + granted
                + ",\"locale\":null,\"policyVersion\":\"2026-01\",\"previous\":\"" + previous + "\",\"sequence\":"
                + sequence;
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(("{\"accountId\":\"" + ACCOUNT + "\"," + content + "}").getBytes(StandardCharsets.UTF_8));
        return "{" + content + ",\"hash\":\"" + HexFormat.of().formatHex(hash) + "\"}";
    }

    private static String hashOf(String entry) {
        return entry.replaceAll(".*\"hash\":\"([0-9a-f]{64})\".*", "$1");
    }

    private String region(String id) {
        String address = "\"http://localhost:" + server.port() + "\"";
        return "\"%s\":{\"issuer\":%s,\"account\":%s,\"migration\":%s,\"signingKey\":\"%s\"}"
                .formatted(
                        id,
                        address,
                        address,
                        address,
                        Base64.getEncoder().encodeToString(region.getPublic().getEncoded()));
    }

    private Answer receipt(String statement) throws Exception {
        String signed = base64("{\"alg\":\"EdDSA\",\"kid\":\"here\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64(statement.getBytes(StandardCharsets.UTF_8));
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(region.getPrivate());
        signer.update(signed.getBytes(StandardCharsets.US_ASCII));
        return Answer.json(200, signed + "." + base64(signer.sign()));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
