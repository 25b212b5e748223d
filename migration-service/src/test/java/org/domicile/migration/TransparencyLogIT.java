package org.domicile.migration;

import static io.restassured.RestAssured.given;
import static org.domicile.migration.testing.Scene.await;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.NodeVerifier;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.event.Topics;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Regions;
import org.domicile.platform.testing.TestTokens;
import org.domicile.tlog.Checkpoint;
import org.domicile.tlog.LogProof;
import org.domicile.tlog.LoggedReceipt;
import org.domicile.tlog.Merkle;
import org.domicile.tlog.RegionLog;
import org.domicile.tlog.SignedNote;
import org.domicile.tlog.SignedNote.Signer;
import org.domicile.tlog.TilePath;
import org.domicile.tlog.TreeHash;
import org.domicile.tlog.TreeRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Consents become receipts, receipts become leaves, other regions cosign, and an owner can check it all without a network. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class TransparencyLogIT {
    private static final String AT = "2026-01-02T03:04:05Z";
    private static final String HASH = "0a".repeat(32);

    @Inject
    PeerServer listener;

    @Inject
    Regions regions;

    @Inject
    Pool pool;

    private final AccountId owner = AccountId.create();
    private RegionTopics topics;
    private PeerRegion peer;

    @BeforeEach
    void open() throws Exception {
        topics = new RegionTopics();
        peer = new PeerRegion();
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        topics.close();
    }

    @Test
    void an_owner_gets_a_proof_of_each_consent_that_needs_no_network() {
        consent(owner, 1, Map.of("backup", true));
        consent(owner, 2, Map.of("backup", true, "messaging", false));
        consent(owner, 2, Map.of("backup", true, "messaging", false));

        await("two receipts", () -> receipts(owner).size() == 2);
        var proofs = receipts(owner).stream().map(id -> proof(owner, id)).toList();

        for (var proof : proofs) {
            assertTrue(proof.checkpoint().isSignedBy(here().author()));
            assertTrue(proof.checkpoint().isSignedBy(there().witness()));
            var receipt = LoggedReceipt.parse(proof.extra().orElseThrow());
            assertTrue(proof.includes(receipt.entry()));
            var statement = regions.verify(receipt.jws());
            assertEquals("consent", statement.getString("kind"));
            assertEquals(AT, statement.getString("at"));
            assertEquals(1, statement.getLong("sequence"));
            assertEquals(HASH, statement.getString("hash"), "what the ledger is held against");
            assertEquals(statement.getString("feature").equals("backup"), statement.getBoolean("granted"));
            assertFalse(statement.encode().contains(owner.toString()), "a receipt names nobody without its salt");
            var salted = new LoggedReceipt(new byte[LoggedReceipt.SALT_BYTES], receipt.jws());
            assertFalse(proof.includes(salted.entry()), "nothing is found without the salt");
        }
    }

    @Test
    void a_proof_holds_for_another_implementation() throws Exception {
        var missing = NodeVerifier.missing();
        Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        consent(owner, 1, Map.of("backup", true, "messaging", true, "diagnostics", true));
        await("three receipts", () -> receipts(owner).size() == 3);

        for (var id : receipts(owner)) {
            var proof = proof(owner, id);
            var entry = LoggedReceipt.parse(proof.extra().orElseThrow()).entry();
            assertEquals("good", NodeVerifier.verify(proof, entry, here()));
            entry[0] ^= 1;
            assertEquals(
                    "calculated root hash does not match inclusion proof", NodeVerifier.verify(proof, entry, here()));
            assertEquals(
                    "invalid checkpoint signature",
                    NodeVerifier.verify(proof, entry, new RegionLog(Scene.HERE, there().key())));
        }
    }

    @Test
    void anybody_can_read_the_log_and_finds_what_its_head_says() {
        consent(owner, 1, Map.of("backup", true));
        await("a receipt", () -> receipts(owner).size() == 1);
        var kept = proof(owner, receipts(owner).getFirst());

        var note = SignedNote.parse(given().get("/log/checkpoint")
                .then()
                .statusCode(200)
                .contentType("text/plain")
                .extract()
                .asString());
        var head = Checkpoint.parse(note.text());
        assertTrue(head.size() <= TilePath.WIDTH, "one tile holds what this class and its neighbours log");
        var width = (int) head.size();
        var hashes = bytes("/log/tile/" + new TilePath(false, 0, 0, width));
        var entries = ByteBuffer.wrap(bytes("/log/tile/" + new TilePath(true, 0, 0, width)));
        var leaves = new HashMap<TreeRange, TreeHash>();
        for (var i = 0; i < width; i++) {
            var hash = TreeHash.of(Arrays.copyOfRange(hashes, i * TreeHash.BYTES, (i + 1) * TreeHash.BYTES));
            var entry = new byte[entries.getShort()];
            entries.get(entry);
            assertEquals(TreeHash.leaf(entry), hash);
            leaves.put(new TreeRange(0, i), hash);
        }

        assertTrue(note.isSignedBy(here().author()));
        assertEquals(head.root(), Merkle.root(head.size(), complete(leaves)));
        var own = LoggedReceipt.parse(kept.extra().orElseThrow()).entry();
        assertEquals(TreeHash.leaf(own), leaves.get(new TreeRange(0, kept.index())));
        given().get("/log/tile/0/001").then().statusCode(404);
        given().get("/log/tile/0/1").then().statusCode(404).body("detail", containsString("not a tile's address"));
    }

    @Test
    void a_log_that_lost_entries_in_a_restore_is_followed_by_another() {
        consent(owner, 1, Map.of("backup", true));
        await("a receipt", () -> receipts(owner).size() == 1);
        var receipt = receipts(owner).getFirst();
        var kept = proof(owner, receipt);
        peer.saw(new Checkpoint(RegionLog.origin(Scene.HERE), 1_000, TreeHash.leaf(new byte[] {1})));

        execute("update log_head set unsure = true");

        await("another log", () -> given().get("/log/2/checkpoint").statusCode() == 200);
        given().get("/log/checkpoint").then().statusCode(404).body("detail", containsString("/log/2"));
        given().get("/log/tile/0/000.p/1").then().statusCode(404);
        await("the receipt in it", () -> proof(owner, receipt).checkpoint().isSignedBy(here().author(2)));
        var anew = proof(owner, receipt);
        var entry = LoggedReceipt.parse(anew.extra().orElseThrow()).entry();
        assertTrue(anew.includes(entry));
        assertTrue(anew.checkpoint().isSignedBy(there().witness()));
        given().get("/log/2/tile/0/000.p/1").then().statusCode(200);
        assertTrue(kept.checkpoint().isSignedBy(here().author()), "what an owner kept");
        assertTrue(kept.includes(entry));
        beginAnew();
    }

    @Test
    void a_restored_log_of_which_nobody_saw_more_goes_on() {
        consent(owner, 1, Map.of("backup", true));
        await("a receipt", () -> receipts(owner).size() == 1);

        execute("update log_head set unsure = true");
        consent(owner, 2, Map.of("backup", true, "messaging", true));

        await("another receipt", () -> receipts(owner).size() == 2);
        assertTrue(proof(owner, receipts(owner).getLast()).checkpoint().isSignedBy(here().author()));
    }

    /** For the other tests, of which each has a witness of its own. */
    private void beginAnew() {
        execute("delete from log_entry");
        execute("delete from log_node");
        execute("delete from log_head");
        execute("update receipt set leaf_index = null");
        await("a log", () -> given().get("/log/checkpoint").statusCode() == 200);
    }

    private void execute(String sql) {
        pool.query(sql).executeAndAwait();
    }

    @Test
    void a_checkpoint_is_cosigned_only_if_it_continues_the_one_before() throws Exception {
        var leaves =
                List.of(TreeHash.leaf(new byte[] {1}), TreeHash.leaf(new byte[] {2}), TreeHash.leaf(new byte[] {3}));
        var one = head(1, leaves.get(0));
        var two = head(2, TreeHash.node(leaves.get(0), leaves.get(1)));
        var forked = head(2, TreeHash.node(leaves.get(2), leaves.get(1)));

        assertEquals(403, ask("old 0\n\n", unsigned(one)).status());
        assertEquals(400, ask("old 2\n\n", signed(one)).status());
        assertEquals(400, ask("older\n\n", signed(one)).status());
        assertEquals(400, ask("", signed(one)).status());
        var strange = new Checkpoint("domicile/nowhere/log", 1, leaves.get(0));
        assertEquals(404, ask("old 0\n\n", signed(strange)).status());

        assertCosigned(one, ask("old 0\n\n", signed(one)));
        assertCosigned(one, ask("old 1\n\n", signed(one)));
        assertEquals(new PeerRegion.Answer(409, "1\n"), ask("old 0\n\n", signed(two)));
        assertEquals(422, ask("old 1\n" + leaves.get(2) + "\n\n", signed(two)).status());
        assertCosigned(two, ask("old 1\n" + leaves.get(1) + "\n\n", signed(two)));
        assertEquals(new PeerRegion.Answer(409, "2\n"), ask("old 2\n\n", signed(forked)));
        assertEquals(new PeerRegion.Answer(409, "2\n"), ask("old 1\n\n", signed(one)));
    }

    @Test
    void a_receipt_is_its_owners() {
        consent(owner, 1, Map.of("backup", true));
        await("a receipt", () -> receipts(owner).size() == 1);
        var id = receipts(owner).getFirst();

        for (var path : List.of("/v1/receipts/" + id, "/v1/receipts/" + id + "/proof")) {
            given().auth()
                    .oauth2(TestTokens.owner(AccountId.create()))
                    .get(path)
                    .then()
                    .statusCode(404);
            given().get(path).then().statusCode(401);
        }
        assertEquals(List.of(), receipts(AccountId.create()));
    }

    private void consent(AccountId account, long version, Map<String, Boolean> granted) {
        var features = new JsonObject();
        granted.forEach((feature, on) -> features.put(
                feature,
                new JsonObject()
                        .put("granted", on)
                        .put("policyVersion", "2026-01")
                        .put("at", AT)
                        .put("sequence", 1)
                        .put("hash", HASH)));
        topics.publish(
                Topics.CONSENT_STATE,
                "account",
                Topics.CONSENT_STATE_V1,
                account.toString(),
                new JsonObject()
                        .put("accountId", account.toString())
                        .put("version", version)
                        .put("epoch", 1)
                        .put("features", features));
    }

    private static List<String> receipts(AccountId account) {
        return given().auth()
                .oauth2(TestTokens.owner(account))
                .get("/v1/receipts")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("id");
    }

    /** Waits until the log has it, and the other region's signature. */
    private LogProof proof(AccountId account, String id) {
        var found = new LogProof[1];
        await("a cosigned proof", () -> {
            var answer = given().auth().oauth2(TestTokens.owner(account)).get("/v1/receipts/" + id + "/proof");
            if (answer.statusCode() == 503) {
                return false;
            }
            found[0] = LogProof.parse(answer.then().statusCode(200).extract().asString());
            return found[0].checkpoint().isSignedBy(there().witness());
        });
        return found[0];
    }

    private static byte[] bytes(String path) {
        return given().get(path).then().statusCode(200).extract().asByteArray();
    }

    /** Every perfect subtree above the leaves. */
    private static Map<TreeRange, TreeHash> complete(Map<TreeRange, TreeHash> leaves) {
        var nodes = new HashMap<>(leaves);
        for (var level = 1; 1 << level <= leaves.size(); level++) {
            for (var index = 0; index + 1 << level <= leaves.size(); index++) {
                nodes.put(
                        new TreeRange(level, index),
                        TreeHash.node(
                                nodes.get(new TreeRange(level - 1, 2L * index)),
                                nodes.get(new TreeRange(level - 1, 2L * index + 1))));
            }
        }
        return nodes;
    }

    private PeerRegion.Answer ask(String proof, String note) throws Exception {
        return peer.addCheckpoint(listener.port(), proof + note);
    }

    private void assertCosigned(Checkpoint head, PeerRegion.Answer answer) {
        assertEquals(200, answer.status());
        assertTrue(new SignedNote(head.text(), SignedNote.signatures(answer.body())).isSignedBy(here().witness()));
    }

    private static Checkpoint head(long size, TreeHash root) {
        return new Checkpoint(RegionLog.origin(PeerRegion.ID), size, root);
    }

    private String signed(Checkpoint head) {
        return new SignedNote(
                        head.text(),
                        List.of(SignedNote.sign(head.text(), there().author(), Signer.of(peer.signingKey()))))
                .toString();
    }

    /** Signed with the right key in the name of another. */
    private String unsigned(Checkpoint head) {
        return new SignedNote(
                        head.text(),
                        List.of(SignedNote.sign(head.text(), here().author(), Signer.of(peer.signingKey()))))
                .toString();
    }

    private RegionLog here() {
        return new RegionLog(Scene.HERE, regions.signingKey(Scene.HERE));
    }

    private RegionLog there() {
        return new RegionLog(PeerRegion.ID, regions.signingKey(PeerRegion.ID));
    }
}
