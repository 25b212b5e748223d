package org.domicile.migration;

import static io.restassured.RestAssured.given;
import static org.domicile.migration.testing.Scene.await;
import static org.domicile.platform.fence.FenceMode.CLOSED;
import static org.domicile.platform.fence.FenceMode.FROZEN;
import static org.domicile.platform.fence.FenceMode.NONE;
import static org.domicile.platform.fence.FenceMode.OWN;
import static org.domicile.platform.fence.FenceMode.SHADOW;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Regions;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Another region is home and coordinates until the baton; then this one goes on, to the attested purge. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class TargetMoveIT {
    @Inject
    PeerServer listener;

    @Inject
    Pool pool;

    @Inject
    Regions regions;

    private RegionTopics topics;
    private PeerRegion peer;
    private Scene scene;
    private final UUID id = UUID.randomUUID();

    @BeforeEach
    void open() throws Exception {
        topics = new RegionTopics();
        peer = new PeerRegion();
        scene = new Scene(topics, peer, listener.port());
    }

    @AfterEach
    void close() throws Exception {
        peer.close();
        topics.close();
    }

    @Test
    void an_account_arrives_soaks_and_its_old_home_is_purged() throws Exception {
        assertEquals(200, scene.order(FenceOperation.SHADOW, 2));
        scene.awaitOrderedHere(FenceOperation.SHADOW, 2);
        assertEquals(200, scene.order(FenceOperation.SHADOW, 2), "again, as nobody has answered");
        await(
                "passed on again",
                () -> scene.orderedHere(FenceOperation.SHADOW, 2).size() == 6);
        scene.here(SHADOW, 2, null);
        awaitReported(SHADOW, 2);
        assertEquals(200, scene.order(FenceOperation.SHADOW, 2), "again, though all have answered");
        assertEquals(200, scene.order(FenceOperation.CLOSE, 3));
        scene.awaitOrderedHere(FenceOperation.CLOSE, 3);
        scene.here(CLOSED, 3, "abc");
        awaitReported(CLOSED, 3);

        assertEquals(200, scene.bring("batons", baton(4)));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        assertEquals(200, scene.bring("batons", baton(4)), "again");
        assertEquals(Scene.HERE, scene.directory().getFirst().getString("home"));
        scene.here(OWN, 4, null);
        scene.awaitState(id.toString(), "SOAK");
        var view = scene.get(id.toString());
        assertTrue(view.getLong("writePauseMicros") > 0);
        assertEquals(6, view.getLong("records"));
        assertEquals(3_000, view.getLong("bytes"));

        scene.awaitOrderedThere(FenceOperation.FEED, 5);
        scene.endSoak(pool, id);
        scene.checkedThere(FenceOperation.FEED, 6);
        scene.awaitOrderedThere(FenceOperation.PURGE, 7);
        scene.there(NONE, 7, null);
        scene.awaitState(id.toString(), "ATTESTED");

        view = scene.get(id.toString());
        assertEquals(0, view.getLong("left.rows"));
        assertEquals(2, view.getList("receipts").size());
        var receipt = view.getString("receipts[0]");
        checkReceipt(receipt, view.<String, String>getMap("receiptSalts").get(receipt));
        assertEquals(6, scene.orderedHere(FenceOperation.SHADOW, 2).size());
        assertEquals(List.of("SOAK", "CHECKING", "PURGING", "ATTESTED"), scene.events());
    }

    @Test
    void events_end_when_the_move_is_settled() throws Exception {
        scene.order(FenceOperation.SHADOW, 2);
        scene.bring("batons", baton(4));
        scene.here(OWN, 4, null);
        scene.awaitState(id.toString(), "SOAK");
        scene.endSoak(pool, id);
        scene.checkedThere(FenceOperation.FEED, 6);
        scene.awaitOrderedThere(FenceOperation.PURGE, 7);
        scene.there(NONE, 7, null);

        var stream = given().auth()
                .oauth2(TestTokens.owner(scene.account))
                .accept("text/event-stream")
                .get("/v1/moves/" + id + "/events")
                .asString();

        assertTrue(stream.strip().endsWith("}"), stream);
        assertTrue(stream.contains("ATTESTED"), stream);
    }

    @Test
    void a_baton_of_another_than_the_home_is_refused() throws Exception {
        scene.opened("SG");

        assertEquals(409, scene.bring("batons", baton(7)));
        assertEquals(409, scene.order(FenceOperation.PURGE, 7));

        assertTrue(scene.orderedHere(FenceOperation.PURGE, 7).isEmpty());
        assertEquals(1, scene.directory().size());
    }

    @Test
    void a_baton_that_is_not_above_the_epoch_changes_nothing() throws Exception {
        scene.opened("SG");

        assertEquals(200, scene.bring("batons", baton(1)));

        given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/moves/" + id)
                .then()
                .statusCode(404);
    }

    @Test
    void only_migration_services_may_speak_and_only_with_their_own_signature() throws Exception {
        var body = new JsonArray().add(scene.command(FenceOperation.SHADOW, "backup", 2));
        assertEquals(403, peer.post(listener.port(), "commands", body, "ap-southeast.backup"));
        var forged = body.getString(0).substring(0, body.getString(0).length() - 4) + "AAAA";
        assertEquals(403, scene.bring("commands", forged));
        assertEquals(400, peer.post(listener.port(), "commands", new JsonArray().add(5)));
        var foreign = new JsonArray()
                .add(new JsonObject(Scene.encode(scene.ack(Scene.HERE, "backup", FROZEN, 2, true, "abc"))));
        assertEquals(403, peer.post(listener.port(), "acks", foreign));
    }

    @Test
    void an_account_that_lives_elsewhere_is_not_moved_from_here() throws Exception {
        scene.order(FenceOperation.SHADOW, 2);

        given().auth()
                .oauth2(TestTokens.operator())
                .contentType("application/json")
                .body("{\"accountId\":\"" + scene.account + "\",\"to\":\"" + Scene.THERE + "\"}")
                .post("/v1/moves")
                .then()
                .statusCode(421)
                .body("homeRegion", equalTo(Scene.THERE));
    }

    private void awaitReported(org.domicile.platform.fence.FenceMode mode, long epoch) {
        await(
                mode + " reported to the home",
                () -> scene.reportedThere(a -> a.mode() == mode && a.epoch() == epoch)
                                .size()
                        >= 3);
    }

    private String baton(long epoch) {
        return peer.sign(new JsonObject(Scene.encode(scene.baton(id, epoch))));
    }

    private void checkReceipt(String receipt, String salt) throws Exception {
        var jws = given().auth()
                .oauth2(TestTokens.owner(scene.account))
                .get("/v1/receipts/" + receipt)
                .then()
                .statusCode(200)
                .contentType("text/plain")
                .extract()
                .asString();
        var payload = regions.verify(jws);
        assertFalse(payload.encode().contains(scene.account.toString()), "a receipt names nobody without its salt");
        var digest = MessageDigest.getInstance("SHA-256");
        digest.update(Base64.getUrlDecoder().decode(salt));
        assertEquals(
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(digest.digest(scene.account.toString().getBytes(StandardCharsets.US_ASCII))),
                payload.getString("account"));
        assertEquals(
                2,
                payload.getJsonObject("classes").getJsonObject("backup/things").getInteger("count"));
        given().auth()
                .oauth2(TestTokens.owner(AccountId.create()))
                .get("/v1/receipts/" + receipt)
                .then()
                .statusCode(404);
    }
}
