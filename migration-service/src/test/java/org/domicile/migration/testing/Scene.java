package org.domicile.migration.testing;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.domicile.migration.baton.Baton;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveState;
import org.domicile.migration.move.MoveStep;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureEntry;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceCommand;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.testing.TestTokens;
import org.domicile.platform.verify.Verification;

/** One account, with everything around migration-service played by the test: participants here and the region there. */
public final class Scene {
    public static final String HERE = "cn-north";
    public static final String THERE = PeerRegion.ID;
    public static final List<String> SERVICES = List.of("account", "backup", "messaging");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(com.fasterxml.jackson.databind.SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    public final AccountId account = AccountId.create();
    private final RegionTopics topics;
    private final PeerRegion peer;
    private final int peerPort;

    public Scene(RegionTopics topics, PeerRegion peer, int peerPort) {
        this.topics = topics;
        this.peer = peer;
        this.peerPort = peerPort;
    }

    public void opened(String market) {
        saidToBeOpened(market);
        await("directory row", () -> directory().size() == 1);
        SERVICES.forEach(s -> here(ack(HERE, s, FenceMode.OWN, 1, true, null)));
    }

    public void saidToBeOpened(String market) {
        topics.publish(
                Topics.ACCOUNT_EVENTS,
                "account",
                Topics.ACCOUNT_OPENED,
                account.toString(),
                new JsonObject()
                        .put("accountId", account.toString())
                        .put("home", HERE)
                        .put("market", market)
                        .put("epoch", 1));
    }

    public String move() {
        return given().auth()
                .oauth2(TestTokens.operator())
                .contentType("application/json")
                .body(Map.of("accountId", account.toString(), "to", THERE))
                .post("/v1/moves")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    public JsonPath get(String move) {
        return given().auth()
                .oauth2(TestTokens.operator())
                .get("/v1/moves/" + move)
                .jsonPath();
    }

    /** The time of the soak is over. */
    public void endSoak(Pool pool, UUID move) {
        pool.preparedQuery("update move set deadline = now() where id = $1 and state = 'SOAK'")
                .execute(Tuple.of(move))
                .await()
                .atMost(PATIENCE);
    }

    /** The old home there compares its copy with the one here, and finds them equal. @param epoch of the order */
    public void checkedThere(FenceOperation operation, long epoch) throws Exception {
        awaitOrderedThere(operation, epoch);
        there(FenceMode.SHADOW, epoch, null);
    }

    public void awaitState(String move, String state) {
        await("state " + state, () -> state.equals(get(move).getString("state")));
    }

    public FenceAck ack(String region, String service, FenceMode mode, long epoch, boolean done, String content) {
        var manifest = content == null ? null : manifest(content);
        var progress = mode == FenceMode.SHADOW ? new FenceAck.Progress(3, 1_000, done ? 0 : 7) : null;
        var left = mode == FenceMode.NONE ? new FenceAck.Left(0, 0) : null;
        return new FenceAck(account, service, region, epoch, mode, done, Instant.now(), manifest, progress, left, null);
    }

    /** A shadow that is being copied, and how long its last batch took at either end. */
    public FenceAck copying(String service, long epoch, long sourceMicros, long targetMicros) {
        var progress = new FenceAck.Progress(3, 1_000, 7, sourceMicros, targetMicros);
        return new FenceAck(
                account, service, THERE, epoch, FenceMode.SHADOW, false, Instant.now(), null, progress, null, null);
    }

    /** A shadow whose verifier found another record than the home's. */
    public FenceAck contradicted(String region, String service, long epoch) {
        var differing = List.of(new Verification.Differing("[\"b1\"]", Verification.What.OTHERWISE));
        var found = new Verification(
                Instant.now(), 9, new TreeMap<>(Map.of("backups", new Verification.Compared(7, 0, 0, 1, differing))));
        var ack = ack(region, service, FenceMode.SHADOW, epoch, false, null);
        return new FenceAck(
                account,
                service,
                region,
                epoch,
                ack.mode(),
                false,
                ack.at(),
                null,
                ack.progress(),
                null,
                null,
                found,
                null);
    }

    public static Manifest manifest(String content) {
        return new Manifest(
                9,
                new TreeMap<>(Map.of("things", new ClassDigest(2, content))),
                new TreeMap<>(Map.of("consent", 4L, "device", 2L)));
    }

    /** A participant here reports. */
    public void here(FenceAck ack) {
        topics.publish(
                Topics.RESIDENCY_ACKS, ack.service(), Topics.ACK_V1, account.toString(), new JsonObject(encode(ack)));
    }

    public void here(FenceMode mode, long epoch, String content) {
        SERVICES.forEach(s -> here(ack(HERE, s, mode, epoch, true, content)));
    }

    /** A participant there reports, by way of its migration-service. */
    public void there(FenceAck ack) throws Exception {
        var status = peer.post(peerPort, "acks", new JsonArray().add(new JsonObject(encode(ack))));
        if (status != 200) {
            throw new AssertionError("acks answered " + status);
        }
    }

    /** A participant there brings its report itself. @return the status */
    public int reported(FenceAck ack, String certificate) throws Exception {
        return peer.post(peerPort, "reports", new JsonArray().add(new JsonObject(encode(ack))), certificate);
    }

    public void there(FenceMode mode, long epoch, String content) throws Exception {
        for (var service : SERVICES) {
            there(ack(THERE, service, mode, epoch, true, content));
        }
    }

    public String command(FenceOperation operation, String service, long epoch) {
        return peer.sign(new JsonObject(
                encode(new FenceCommand(operation, account, service, HERE, epoch, THERE, THERE, 2, null, null))));
    }

    /** Commands of the other region for participants here. @return the status */
    public int order(FenceOperation operation, long epoch) throws Exception {
        var body = new JsonArray();
        SERVICES.forEach(s -> body.add(command(operation, s, epoch)));
        return peer.post(peerPort, "commands", body);
    }

    public int bring(String kind, String item) throws Exception {
        return peer.post(peerPort, kind, new JsonArray().add(item));
    }

    /** The hand-over of a move from there to here, as the other region makes it. */
    public Baton baton(UUID id, long epoch) {
        return baton(id, epoch, "SG");
    }

    public Baton baton(UUID id, long epoch, String market) {
        var now = Instant.now();
        var move = new Move(
                id,
                account,
                THERE,
                HERE,
                MoveState.CUT_OVER,
                null,
                2,
                3,
                epoch,
                0,
                null,
                false,
                "operator",
                now,
                false,
                null);
        var directory = peer.sign(statement(THERE, HERE, epoch));
        var frozen = SERVICES.stream()
                .map(s -> ack(THERE, s, FenceMode.FROZEN, 3, true, "abc"))
                .toList();
        var steps = List.of(new MoveStep(MoveState.CUT_OVER, now, null));
        return new Baton(account, THERE, HERE, epoch, market, directory, move, steps, frozen);
    }

    /** A move that has begun goes to its end at this region: the other one has taken the baton. */
    public void moved() throws Exception {
        fencedAndClosed();
        await("baton", () -> !batonsThere().isEmpty());
        await("the hand-over is known here", () -> directory().stream()
                .anyMatch(row -> row.getString("home").equals(THERE)));
    }

    /** A move that has begun goes as far as the participants take it. */
    public void fencedAndClosed() throws Exception {
        awaitOrderedThere(FenceOperation.SHADOW, 2);
        there(FenceMode.SHADOW, 2, null);
        awaitOrderedHere(FenceOperation.FREEZE, 3);
        here(FenceMode.FROZEN, 3, "abc");
        awaitOrderedThere(FenceOperation.CLOSE, 3);
        there(FenceMode.CLOSED, 3, "abc");
    }

    /** The other region hands the account back. @param order what it was asked for */
    public void back(JsonObject order) throws Exception {
        var rollback = UUID.fromString(order.getString("rollbackId"));
        var baton = new JsonObject(encode(baton(rollback, 7)));
        baton.getJsonObject("move")
                .put("rollbackOf", order.getString("moveId"))
                .put("shadowEpoch", 5)
                .put("fenceEpoch", 6);
        if (bring("batons", peer.sign(baton)) != 200) {
            throw new AssertionError("the baton of the rollback was not taken");
        }
    }

    /** Waits until each participant here has been ordered this. */
    public void awaitOrderedHere(FenceOperation operation, long epoch) {
        await(
                operation + " here at epoch " + epoch,
                () -> orderedHere(operation, epoch).size() >= SERVICES.size());
    }

    public List<FenceCommand> orderedHere(FenceOperation operation, long epoch) {
        return orderedHere(operation).stream()
                .filter(command -> command.epoch() == epoch)
                .toList();
    }

    public List<FenceCommand> orderedHere(FenceOperation operation) {
        return heard(Topics.RESIDENCY_COMMANDS)
                .map(json -> decode(claims(json.getString("jws")), FenceCommand.class))
                .filter(c -> c.operation() == operation)
                .toList();
    }

    /** Waits until each participant there has been ordered this. */
    public List<FenceCommand> awaitOrderedThere(FenceOperation operation, long epoch) {
        await(
                operation + " there at epoch " + epoch,
                () -> orderedThere(operation, epoch).size() >= SERVICES.size());
        return orderedThere(operation, epoch);
    }

    public List<FenceCommand> orderedThere(FenceOperation operation, long epoch) {
        return orderedThere(operation).stream()
                .filter(command -> command.epoch() == epoch)
                .toList();
    }

    public List<FenceCommand> orderedThere(FenceOperation operation) {
        return arrived("commands")
                .map(jws -> decode(claims((String) jws), FenceCommand.class))
                .filter(c -> c.accountId().equals(account) && c.operation() == operation)
                .toList();
    }

    public List<FenceAck> reportedThere(Predicate<FenceAck> which) {
        return arrived("acks")
                .map(json -> decode(json.toString(), FenceAck.class))
                .filter(a -> a.accountId().equals(account))
                .filter(which)
                .toList();
    }

    public List<JsonObject> batonsThere() {
        return arrived("batons")
                .map(jws -> new JsonObject(claims((String) jws)))
                .filter(b -> b.getString("accountId").equals(account.toString()))
                .toList();
    }

    /** Directory rows published here. */
    public List<JsonObject> directory() {
        return heard(Topics.RESIDENCY_DIRECTORY)
                .map(json -> new JsonObject(claims(json.getString("jws"))))
                .toList();
    }

    /** Entries of the erasure list for the account. */
    public List<ErasureEntry> erasures() {
        return topics.heard().stream()
                .filter(h -> h.topic().equals(Topics.ERASURE_LIST)
                        && h.event().subject().equals(ErasureEntry.key(account)))
                .map(h -> ErasureEntry.of(new JsonObject(claims(h.event().data().getString("jws")))))
                .toList();
    }

    /** The account's home orders its erasure. */
    public void orderErasure(UUID id) {
        topics.publish(
                Topics.ACCOUNT_EVENTS,
                "account",
                Topics.ERASURE_ORDERED,
                account.toString(),
                new JsonObject()
                        .put("accountId", account.toString())
                        .put("erasureId", id.toString())
                        .put("requestedAt", "2026-11-22T10:00:00Z")
                        .put("deadline", "2026-12-22T10:00:00Z"));
    }

    /** The other region says that it is home, and that the account is erased everywhere. */
    public void erasedThere(long epoch) {
        var now = Instant.now();
        var entry = new ErasureEntry(
                ErasureEntry.key(account), UUID.randomUUID(), ErasureEntry.State.ERASED, THERE, epoch, now, now, now);
        list(entry, peer.sign(entry.toJson()));
    }

    /** What this region itself said of an erasure once, and has forgotten. */
    public void erasureHere(ErasureEntry.State state, long epoch) {
        var now = Instant.now();
        var entry = new ErasureEntry(ErasureEntry.key(account), UUID.randomUUID(), state, HERE, epoch, now, now, now);
        list(entry, PeerRegion.signHere(entry.toJson()));
    }

    private void list(ErasureEntry entry, String jws) {
        topics.publish(
                Topics.ERASURE_LIST, "migration", Topics.ERASURE_V1, entry.account(), new JsonObject().put("jws", jws));
    }

    /** This region itself said once, and has forgotten, that the account lives there. */
    public void leftOnce(long epoch) {
        publishHome(PeerRegion.signHere(statement(HERE, THERE, epoch)));
    }

    /** And then that region, that it lives here. */
    public void cameBack(long epoch) {
        publishHome(peer.sign(statement(THERE, HERE, epoch)));
    }

    private JsonObject statement(String from, String home, long epoch) {
        return new JsonObject()
                .put("accountId", account.toString())
                .put("home", home)
                .put("epoch", epoch)
                .put("from", from)
                .put("at", Instant.now().toString());
    }

    private void publishHome(String jws) {
        topics.publish(
                Topics.RESIDENCY_DIRECTORY,
                "migration",
                Topics.RESIDENCY_V1,
                account.toString(),
                new JsonObject().put("jws", jws));
    }

    public List<String> events() {
        return heard(Topics.MIGRATION_EVENTS)
                .map(json -> json.getString("state"))
                .toList();
    }

    public static void await(String what, BooleanSupplier condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come: " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
        }
    }

    public static String claims(String jws) {
        return new String(Base64.getUrlDecoder().decode(jws.split("\\.")[1]), java.nio.charset.StandardCharsets.UTF_8);
    }

    public static String encode(Object record) {
        try {
            return JSON.writeValueAsString(record);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T decode(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The data of the account's events on a topic, in order. */
    public Stream<JsonObject> heard(String topic) {
        return topics.heard().stream()
                .filter(h -> h.topic().equals(topic)
                        && account.toString().equals(h.event().subject()))
                .map(h -> h.event().data());
    }

    private Stream<Object> arrived(String kind) {
        return peer.received().stream().filter(r -> r.kind().equals(kind)).flatMap(r -> r.items().stream());
    }
}
