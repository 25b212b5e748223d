package org.domicile.migration;

import static io.restassured.RestAssured.given;
import static org.domicile.migration.testing.Scene.await;
import static org.domicile.platform.fence.FenceMode.CLOSED;
import static org.domicile.platform.fence.FenceMode.FROZEN;
import static org.domicile.platform.fence.FenceMode.NONE;
import static org.domicile.platform.fence.FenceMode.OWN;
import static org.domicile.platform.fence.FenceMode.SHADOW;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.domicile.migration.move.RollbackOutcome;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.migration.testing.PeerRegion;
import org.domicile.migration.testing.RegionTopics;
import org.domicile.migration.testing.Scene;
import org.domicile.migration.wave.WaveGauges;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.TestTokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waves by API and by event, with the participants and the other region played by the test. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class WaveIT {
    @Inject
    PeerServer listener;

    @Inject
    Pool pool;

    @Inject
    WaveGauges gauges;

    @Inject
    MeterRegistry metrics;

    private static final String NO_STORE = "the object store does not answer";

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
    void a_wave_moves_its_accounts_as_many_at_a_time_as_ordered() throws Exception {
        var scenes = scenes("SG", 3);
        var wave = create(order(scenes)
                .put("concurrency", 2)
                .put("limits", new JsonObject().put("bytesPerSecond", 1_000).put("recordsPerSecond", 50)));
        await("two moves", () -> moving(wave).size() == 2);
        assertEquals(1, get(wave).getInt("accounts.WAITING"));
        var first = moving(wave, scenes);

        for (var command : first.getFirst().awaitOrderedThere(FenceOperation.SHADOW, 2)) {
            assertEquals(166, command.pace().bytesPerSecond(), "two moves of three participants at a time");
            assertEquals(8, command.pace().recordsPerSecond());
        }
        for (var scene : first) {
            finish(scene);
        }
        var last = scenes.stream().filter(s -> !first.contains(s)).findFirst().orElseThrow();
        finish(last);

        awaitState(wave, "DONE");
        var view = get(wave);
        assertEquals(3, view.getInt("accounts.MOVED"));
        assertEquals(9, view.getInt("services.find { it.service == 'backup' }.records"));
        assertEquals(List.of("SELECTING", "RUNNING", "DONE"), view.getList("steps.state"));
        await("the wave's events", () -> events(wave).equals(List.of("SELECTING", "RUNNING", "DONE")));
        post(wave, "pause").statusCode(409);
    }

    @Test
    void a_wave_moves_fewer_at_a_time_when_writes_are_stopped_for_too_long() throws Exception {
        var scenes = scenes("SG", 4);
        var wave =
                create(order(scenes).put("concurrency", 3).put("limits", new JsonObject().put("pause", "PT0.000001S")));
        await("three moves", () -> moving(wave).size() == 3);
        var begun = moving(wave, scenes);

        finish(begun.getFirst());
        await("half as many", () -> get(wave).getInt("concurrency") == 1);

        finish(begun.get(1));
        finish(begun.get(2));
        var last = scenes.stream().filter(s -> !begun.contains(s)).findFirst().orElseThrow();
        await("the last one's turn", () -> moving(wave, scenes).contains(last));
        finish(last);
        awaitState(wave, "DONE");
    }

    @Test
    void a_wave_moves_fewer_at_a_time_while_either_end_is_slow_and_more_when_it_is_not() throws Exception {
        var scenes = scenes("SG", 4);
        var wave = create(order(scenes)
                .put("concurrency", 4)
                .put("limits", new JsonObject().put("latency", "PT0.05S").put("pause", "PT1H")));
        await("four moves", () -> moving(wave).size() == 4);

        copying(scenes, 80_000, 1_000);
        await("half as many", () -> get(wave).getInt("concurrency") <= 2);
        copying(scenes, 49_000, 49_000);
        await("as many as ordered", () -> get(wave).getInt("concurrency") == 4);
        copying(scenes, 1_000, 80_000);
        await("half as many", () -> get(wave).getInt("concurrency") <= 2);

        post(wave, "cancel").statusCode(200);
    }

    private void copying(List<Scene> scenes, long sourceMicros, long targetMicros) throws Exception {
        for (var scene : scenes) {
            scene.awaitOrderedThere(FenceOperation.SHADOW, 2);
            scene.there(scene.copying("backup", 2, sourceMicros, targetMicros));
        }
    }

    @Test
    void a_failure_above_the_budget_halts_until_somebody_resumes() throws Exception {
        var scenes = scenes("SG", 2);
        var wave = create(order(scenes).put("concurrency", 1));
        await("one move", () -> moving(wave).size() == 1);
        var broken = moving(wave, scenes).getFirst();
        fence(broken);
        broken.here(FROZEN, 3, "abc");
        broken.awaitOrderedThere(FenceOperation.CLOSE, 3);
        broken.there(CLOSED, 3, "xyz");
        broken.awaitOrderedHere(FenceOperation.ACTIVATE, 4);
        await(
                "stuck while it is not settled",
                () -> get(wave).getList("stuck.moveState").equals(List.of("QUARANTINED")));
        broken.here(OWN, 4, null);
        broken.there(NONE, 4, null);

        awaitState(wave, "HALTED");

        var view = get(wave);
        assertEquals("1 moves failed; the error budget is 0.", view.getString("reason"));
        gauges.look().await().indefinitely();
        assertTrue(metrics.get("domicile.waves").tag("state", "HALTED").gauge().value() >= 1);
        assertTrue(view.getString("stuck[0].reason").startsWith("digests differ"), view.prettify());
        assertEquals(1, view.getInt("accounts.WAITING"));
        post(wave, "resume").statusCode(200);
        var other = scenes.stream().filter(s -> s != broken).findFirst().orElseThrow();
        finish(other);
        awaitState(wave, "DONE");
    }

    @Test
    void a_move_that_its_coordinator_gave_up_is_begun_again() throws Exception {
        var scenes = scenes("SG", 1);
        var scene = scenes.getFirst();
        var wave = create(order(scenes).put("attempts", 2));
        giveUp(scene, 1);

        await("another attempt", () -> waiting(wave) == 1);
        var view = get(wave);
        assertEquals(0, view.getInt("failures"));
        assertEquals("RUNNING", view.getString("state"));
        assertEquals(List.of("backup in cn-north: " + NO_STORE), view.getList("stuck.reason"));
        scene.awaitOrderedThere(FenceOperation.SHADOW, 5);
        finish(scene, 4);

        awaitState(wave, "DONE");
        assertEquals(1, get(wave).getInt("accounts.MOVED"));
        assertEquals(List.of(2), members(wave, "").getList("attempts"));
    }

    @Test
    void a_cancelled_wave_begins_nothing_again() throws Exception {
        var scenes = scenes("SG", 1);
        var wave = create(order(scenes));
        await("one move", () -> moving(wave).size() == 1);
        post(wave, "pause").statusCode(200);
        giveUp(scenes.getFirst(), 1);
        await("another attempt", () -> waiting(wave) == 1);
        assertEquals(List.of("WAITING"), get(wave).getList("stuck.state"));

        post(wave, "cancel").statusCode(200);

        awaitState(wave, "CANCELLED");
        assertEquals(1, waiting(wave));
        assertEquals(List.of(), get(wave).getList("stuck"), "nobody will begin it again");
    }

    @Test
    void a_move_that_was_given_up_too_often_has_failed() throws Exception {
        var scenes = scenes("SG", 1);
        var scene = scenes.getFirst();
        var wave = create(order(scenes).put("attempts", 2));
        giveUp(scene, 1);
        giveUp(scene, 4);

        awaitState(wave, "HALTED");
        assertEquals(1, get(wave).getInt("accounts.FAILED"));
        assertEquals(List.of("backup in cn-north: " + NO_STORE), get(wave).getList("stuck.reason"));
    }

    @Test
    void what_somebody_aborts_is_not_begun_again_and_what_is_erased_is_no_failure() throws Exception {
        var scenes = scenes("SG", 2);
        var wave = create(order(scenes).put("errorBudget", 1));
        await("two moves", () -> moving(wave).size() == 2);
        var aborted = scenes.get(0);
        var erased = scenes.get(1);
        aborted.awaitOrderedThere(FenceOperation.SHADOW, 2);
        erased.awaitOrderedThere(FenceOperation.SHADOW, 2);

        given().auth()
                .oauth2(TestTokens.operator())
                .post("/v1/moves/" + move(wave, aborted) + "/abort")
                .then()
                .statusCode(200);
        aborted.here(OWN, 3, null);
        aborted.there(NONE, 3, null);
        erased.orderErasure(UUID.randomUUID());

        awaitState(wave, "DONE");
        var view = get(wave);
        assertEquals(1, view.getInt("accounts.FAILED"));
        assertEquals(1, view.getInt("accounts.SKIPPED"));
        assertEquals(1, view.getInt("failures"));
    }

    /** A store at the source is away while the account is fenced. @param epoch before the move */
    private void giveUp(Scene scene, long epoch) throws Exception {
        fence(scene, epoch);
        scene.here(new FenceAck(
                scene.account,
                "backup",
                Scene.HERE,
                epoch + 2,
                FROZEN,
                false,
                Instant.now(),
                null,
                null,
                null,
                NO_STORE));
        scene.awaitOrderedHere(FenceOperation.ACTIVATE, epoch + 3);
        scene.here(OWN, epoch + 3, null);
        scene.there(NONE, epoch + 3, null);
    }

    @Test
    void a_cancelled_wave_aborts_what_it_can_and_begins_no_more() throws Exception {
        var scenes = scenes("SG", 2);
        var wave = create(order(scenes).put("concurrency", 1));
        await("one move", () -> moving(wave).size() == 1);
        var begun = moving(wave, scenes).getFirst();
        begun.awaitOrderedThere(FenceOperation.SHADOW, 2);

        post(wave, "cancel").statusCode(200).body("state", equalTo("CANCELLING"));

        begun.awaitOrderedThere(FenceOperation.PURGE, 3);
        begun.here(OWN, 3, null);
        begun.there(NONE, 3, null);
        awaitState(wave, "CANCELLED");
        assertEquals(1, get(wave).getInt("accounts.WAITING"));
        assertEquals(1, get(wave).getInt("accounts.FAILED"));
        post(wave, "cancel").statusCode(200);
        post(wave, "resume").statusCode(409);
    }

    @Test
    void a_wave_is_rolled_back_as_many_at_a_time_as_ordered_and_says_what_stays() throws Exception {
        var scenes = scenes("SG", 4);
        var wave = create(order(scenes)
                .put("concurrency", 3)
                .put("limits", new JsonObject().put("recordsPerSecond", 90).put("pause", "PT1H")));
        await("three moves", () -> moving(wave).size() == 3);
        var begun = moving(wave, scenes);
        begun.get(0).moved();
        begun.get(1).moved();
        await("the last move", () -> moving(wave).size() == 2);
        var asked = new ConcurrentHashMap<String, JsonObject>();
        peer.answerRollbacks(order -> {
            asked.put(order.getString("accountId"), order);
            return order.getString("accountId").equals(begun.get(1).account.toString())
                    ? RollbackOutcome.TOO_LATE
                    : RollbackOutcome.UNDER_WAY;
        });

        post(wave, "rollback").statusCode(200).body("state", equalTo("ROLLING_BACK"));

        for (var scene : scenes) {
            if (scene != begun.get(0) && scene != begun.get(1)) {
                scene.awaitOrderedThere(FenceOperation.PURGE, 3);
                scene.here(OWN, 3, null);
                scene.there(NONE, 3, null);
            }
        }
        await("both homes are asked", () -> asked.size() == 2);
        var order = asked.get(begun.get(0).account.toString());
        assertEquals(10, order.getJsonObject("pace").getInteger("recordsPerSecond"));
        post(wave, "cancel").statusCode(409);
        post(wave, "pause").statusCode(200).body("state", equalTo("ROLLBACK_PAUSED"));
        post(wave, "resume").statusCode(200).body("state", equalTo("ROLLING_BACK"));
        begun.get(0).back(order);

        awaitState(wave, "ROLLED_BACK");
        var view = get(wave);
        assertEquals(1, view.getInt("accounts.ROLLED_BACK"));
        assertEquals(1, view.getInt("accounts.STAYED"));
        assertEquals(2, view.getInt("accounts.FAILED"), "aborted before their cut-over");
        assertTrue(view.getList("stuck.reason").contains("because of TOO_LATE"), view.prettify());
        post(wave, "rollback").statusCode(200).body("state", equalTo("ROLLED_BACK"));
    }

    @Test
    void what_waits_is_not_begun_when_a_wave_is_rolled_back_by_a_job() {
        var scenes = scenes("SG", 2);
        var wave = create(order(scenes).put("window", closedNow()));
        awaitState(wave, "RUNNING");

        job(wave, "rollback", new JsonObject());

        awaitState(wave, "ROLLED_BACK");
        assertEquals(2, get(wave).getInt("accounts.SKIPPED"));
    }

    /** A window that opens in an hour. */
    private static JsonObject closedNow() {
        var now = LocalTime.now(ZoneOffset.UTC).withNano(0);
        return new JsonObject()
                .put("from", now.plusHours(1).toString())
                .put("until", now.plusHours(2).toString())
                .put("zone", "UTC");
    }

    @Test
    void jobs_command_a_wave_and_a_refused_one_is_answered() throws Exception {
        var scenes = scenes("SG", 2);
        var wave = UUID.randomUUID().toString();
        var order = order(scenes).put("concurrency", 1);

        job(wave, "create", order);
        job(wave, "create", order);
        awaitState(wave, "RUNNING");
        await("one move", () -> moving(wave).size() == 1);
        job(wave, "pause", new JsonObject());
        awaitState(wave, "PAUSED");
        finish(moving(wave, scenes).getFirst());
        await("moved while paused", () -> moved(wave) == 1);
        assertEquals(1, get(wave).getInt("accounts.WAITING"));
        job(wave, "resume", new JsonObject());
        await("the other move", () -> moving(wave).size() == 1);
        finish(moving(wave, scenes).getFirst());
        awaitState(wave, "DONE");

        job(wave, "pause", new JsonObject());
        await("the answer to a job that came too late", () -> waveEvents(wave)
                .anyMatch(data -> "https://domicile.dev/errors/conflict".equals(data.getString("type"))));
        assertEquals("/cn-north/operator", get(wave).getString("requestedBy"));
    }

    @Test
    void an_account_whose_move_cannot_begin_holds_up_no_other() throws Exception {
        var scenes = scenes("SG", 3);
        var doomed = scenes.get(1).account;
        execute("alter table move add constraint doomed check (account_id <> '" + doomed + "') not valid");
        try {
            var wave = create(order(scenes).put("attempts", 2).put("errorBudget", 1));
            await("the others move", () -> moving(wave).size() == 2);
            await("it is told why", () -> get(wave).getList("stuck.reason", String.class).stream()
                    .anyMatch(reason -> reason.contains("doomed")));
            for (var scene : moving(wave, scenes)) {
                finish(scene);
            }

            awaitState(wave, "DONE");

            assertEquals(2, moved(wave));
            var member = "find { it.accountId == '" + doomed + "' }.";
            assertEquals("FAILED", members(wave, "").getString(member + "state"));
            assertEquals(2, members(wave, "").getInt(member + "attempts"));
            assertEquals(1, get(wave).getInt("failures"));
            assertEquals(List.of(doomed.toString()), stuck(wave, null));
            assertEquals(List.of(), stuck(wave, doomed.toString()));
        } finally {
            execute("alter table move drop constraint doomed");
        }
    }

    private static List<String> stuck(String wave, String after) {
        var request = given().auth().oauth2(TestTokens.operator());
        if (after != null) {
            request.queryParam("after", after);
        }
        return request.get("/v1/waves/" + wave + "/stuck").jsonPath().getList("accountId");
    }

    private void execute(String sql) {
        pool.query(sql).execute().await().indefinitely();
    }

    private static int moved(String wave) {
        return in(wave, "MOVED");
    }

    private static int waiting(String wave) {
        return in(wave, "WAITING");
    }

    /** A view names the states that some account is in. */
    private static int in(String wave, String state) {
        return get(wave).getMap("accounts").get(state) instanceof Integer accounts ? accounts : 0;
    }

    @Test
    void a_dry_run_says_what_would_be_and_writes_nothing() throws Exception {
        var indian = scenes("IN", 1);
        var chinese = scenes("CN", 1);
        var both = Stream.concat(indian.stream(), chinese.stream()).toList();
        var order = order(both).put("dryRun", true);
        order.getJsonObject("selector")
                .getJsonArray("accounts")
                .add(UUID.randomUUID().toString());

        given().auth()
                .oauth2(TestTokens.operator())
                .contentType("application/json")
                .body(order.encode())
                .post("/v1/waves")
                .then()
                .statusCode(200)
                .body("accounts", equalTo(2))
                .body("notHere", equalTo(1))
                .body("allowed", equalTo(false))
                .body("markets.find { it.market == 'IN' }.verdict.covered.size()", equalTo(7))
                .body("markets.find { it.market == 'CN' }.verdict.notCovered", hasItems("profile", "messages"));
        post(order(both).put("name", "refused"))
                .statusCode(409)
                .body("type", containsString("no-transfer-basis"))
                .body("refused[0].market", equalTo("CN"))
                .body("refused[0].notCovered", hasItems("profile", "credentials", "backups", "messages"));
        assertTrue(given().auth().oauth2(TestTokens.operator()).get("/v1/waves").jsonPath().getList("name").stream()
                .noneMatch("refused"::equals));
    }

    @Test
    void the_yearly_number_of_people_stops_a_wave() throws Exception {
        var scenes = scenes(MigrationResource.COUNTED_MARKET, 3);
        var forecast = post(order(scenes).put("dryRun", true))
                .statusCode(200)
                .extract()
                .jsonPath();
        assertEquals(2, forecast.getInt("markets[0].threshold.people"));
        assertEquals(2, forecast.getInt("markets[0].threshold.left"));

        var wave = create(order(scenes).put("concurrency", 3));

        awaitState(wave, "HALTED");
        var view = get(wave);
        assertTrue(view.getString("reason").contains("ends at 2 people a year"), view.getString("reason"));
        assertEquals(2, view.getInt("accounts.MOVING"));
        assertEquals(1, view.getInt("accounts.REFUSED"));
        for (var scene : moving(wave, scenes)) {
            finish(scene);
        }
        await("both moved", () -> moved(wave) == 2);
        post(wave, "resume").statusCode(200);
        awaitState(wave, "HALTED");
    }

    @Test
    void labels_and_percentages_choose() throws Exception {
        var scenes = scenes("SG", 4);
        var label = "label-" + UUID.randomUUID();
        given().auth()
                .oauth2(TestTokens.operator())
                .contentType("application/json")
                .body(new JsonObject()
                        .put("accounts", accounts(scenes.subList(0, 3)))
                        .encode())
                .put("/v1/labels/" + label)
                .then()
                .statusCode(200)
                .body("accounts", equalTo(3));

        assertEquals(3, forecast(new JsonObject().put("label", label)));
        assertEquals(2, forecast(new JsonObject().put("label", label).put("limit", 2)));
        assertEquals(0, forecast(new JsonObject().put("label", label).put("markets", List.of("IN"))));
        var half = forecast(new JsonObject().put("accounts", accounts(scenes)).put("percent", 50));
        var most = forecast(new JsonObject().put("accounts", accounts(scenes)).put("percent", 99));
        assertTrue(half <= most && most <= 4, half + " of " + most);
        assertEquals(
                4, forecast(new JsonObject().put("accounts", accounts(scenes)).put("percent", 100)));
        post(new JsonObject().put("to", Scene.THERE).put("selector", new JsonObject().put("home", Scene.THERE)))
                .statusCode(421)
                .body("homeRegion", equalTo(Scene.THERE));
        post(new JsonObject().put("to", Scene.HERE)).statusCode(400);
        post(new JsonObject().put("to", Scene.THERE).put("concurrency", 0)).statusCode(400);
        given().auth()
                .oauth2(TestTokens.owner(scenes.getFirst().account))
                .get("/v1/waves")
                .then()
                .statusCode(403);
    }

    private int forecast(JsonObject selector) {
        return post(new JsonObject().put("to", Scene.THERE).put("dryRun", true).put("selector", selector))
                .statusCode(200)
                .extract()
                .path("accounts");
    }

    private List<Scene> scenes(String market, int count) {
        var scenes = Stream.generate(() -> new Scene(topics, peer, listener.port()))
                .limit(count)
                .toList();
        scenes.forEach(scene -> scene.opened(market));
        return scenes;
    }

    private void fence(Scene scene) throws Exception {
        fence(scene, 1);
    }

    private void fence(Scene scene, long epoch) throws Exception {
        scene.awaitOrderedThere(FenceOperation.SHADOW, epoch + 1);
        scene.there(SHADOW, epoch + 1, null);
        scene.awaitOrderedHere(FenceOperation.FREEZE, epoch + 2);
    }

    private void finish(Scene scene) throws Exception {
        finish(scene, 1);
    }

    private void finish(Scene scene, long epoch) throws Exception {
        fence(scene, epoch);
        scene.here(FROZEN, epoch + 2, "abc");
        scene.awaitOrderedThere(FenceOperation.CLOSE, epoch + 2);
        scene.there(CLOSED, epoch + 2, "abc");
        await("baton", () -> !scene.batonsThere().isEmpty());
    }

    private static JsonObject order(List<Scene> scenes) {
        return new JsonObject()
                .put("to", Scene.THERE)
                .put("selector", new JsonObject().put("accounts", accounts(scenes)));
    }

    private static JsonArray accounts(List<Scene> scenes) {
        return new JsonArray(
                new ArrayList<>(scenes.stream().map(s -> s.account.toString()).toList()));
    }

    private static String create(JsonObject order) {
        return post(order).statusCode(202).extract().path("id");
    }

    private static ValidatableResponse post(JsonObject order) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .contentType("application/json")
                .body(order.encode())
                .post("/v1/waves")
                .then();
    }

    private static ValidatableResponse post(String wave, String order) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .post("/v1/waves/" + wave + "/" + order)
                .then();
    }

    private void job(String wave, String order, JsonObject data) {
        topics.publish("migration.jobs", "operator", "org.domicile.migration.wave." + order + ".v1", wave, data);
    }

    private static JsonPath get(String wave) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/waves/" + wave)
                .jsonPath();
    }

    private static void awaitState(String wave, String state) {
        await("wave in " + state, () -> state.equals(get(wave).getString("state")));
    }

    private static JsonPath members(String wave, String query) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/waves/" + wave + "/accounts" + query)
                .jsonPath();
    }

    private static List<String> moving(String wave) {
        return Arrays.asList(members(wave, "?state=MOVING").getObject("accountId", String[].class));
    }

    private static String move(String wave, Scene scene) {
        return members(wave, "").getString("find { it.accountId == '" + scene.account + "' }.moveId");
    }

    private static List<Scene> moving(String wave, List<Scene> scenes) {
        var accounts = moving(wave);
        return scenes.stream()
                .filter(s -> accounts.contains(s.account.toString()))
                .toList();
    }

    private Stream<JsonObject> waveEvents(String wave) {
        return topics.heard().stream()
                .filter(h -> h.topic().equals("migration.events")
                        && wave.equals(h.event().subject()))
                .map(h -> h.event().data());
    }

    private List<String> events(String wave) {
        return waveEvents(wave).map(data -> data.getString("state")).toList();
    }
}
