package org.domicile.migration.testing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.domicile.migration.move.RollbackOutcome;
import org.domicile.platform.crypto.Ed25519Keys;
import org.domicile.platform.crypto.SignedDocument;
import org.domicile.tlog.Checkpoint;
import org.eclipse.microprofile.config.ConfigProvider;

/** ap-southeast, as cn-north's migration-service sees it: a listener that remembers, and a client with its certificate. */
public final class PeerRegion implements AutoCloseable {
    public static final String ID = "ap-southeast";
    public static final String ADD_CHECKPOINT = "/peer/v1/log/add-checkpoint";

    private volatile Function<JsonObject, RollbackOutcome> rollbacks = order -> RollbackOutcome.UNDER_WAY;
    private volatile JsonObject newest = new JsonObject();
    private volatile Function<JsonObject, JsonObject> told =
            question -> new JsonObject().put("took", new JsonObject()).put("copies", new JsonArray());

    /** Something that was posted to {@code /peer/v1/<kind>}. */
    public record Received(String kind, JsonArray items) {}

    private final Vertx vertx = Vertx.vertx();
    private final Path folder = Path.of(ConfigProvider.getConfig().getValue("test.folder", String.class));
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<String, Future<Void>> held = new ConcurrentHashMap<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final TestWitness witness;

    public PeerRegion() throws Exception {
        witness = new TestWitness(signingKey());
        var options = new HttpServerOptions()
                .setPort(ConfigProvider.getConfig().getValue("test.peer.port", Integer.class))
                .setHost("localhost")
                .setSsl(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(identity(ID + ".migration"))
                .setTrustOptions(trust());
        vertx.createHttpServer(options)
                .requestHandler(this::answer)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    /** What this region answers to another that asks for its accounts back. */
    public void answerRollbacks(Function<JsonObject, RollbackOutcome> answer) {
        rollbacks = answer;
    }

    /** This region has cosigned such a head of the other's log. */
    public void saw(Checkpoint head) {
        witness.saw(head);
    }

    /** What this region tells another whose database was restored. */
    public void answerRestored(JsonObject answer) {
        answerRestored(question -> answer);
    }

    /** The same, as it is asked. */
    public void answerRestored(Function<JsonObject, JsonObject> answer) {
        told = answer;
    }

    /** How new this region's records are. */
    public void answerNewest(JsonObject answer) {
        newest = answer;
    }

    public Answer get(int port, String path, String certificate) throws Exception {
        return ask(HttpMethod.GET, port, path, "", certificate);
    }

    /** Asks the service under test, after a restore here. @param question that names since when */
    public Answer restored(int port, JsonObject question, String certificate) throws Exception {
        return post(port, "/peer/v1/restored", question.encode(), certificate);
    }

    /** Asks the service under test to roll back. @return the answers; empty unless the status is 200 */
    public JsonArray askForRollbacks(int port, JsonArray orders) throws Exception {
        var answer = post(port, "/peer/v1/rollbacks", orders.encode(), ID + ".migration");
        return answer.status() == 200 ? new JsonArray(answer.body()) : new JsonArray();
    }

    /** Answers the next requests with 503. */
    public void refuse(int requests) {
        refusals.set(requests);
    }

    /** Takes what is posted of a kind, but does not say so until what is returned is run. */
    public Runnable hold(String kind) {
        var go = Promise.<Void>promise();
        held.put(kind, go.future());
        return () -> {
            held.remove(kind);
            go.complete();
        };
    }

    public List<Received> received() {
        return received;
    }

    /** Posts to the service under test. @return the status */
    public int post(int port, String kind, JsonArray body) throws Exception {
        return post(port, kind, body, ID + ".migration");
    }

    public int post(int port, String kind, JsonArray body, String certificate) throws Exception {
        return post(port, "/peer/v1/" + kind, body.encode(), certificate).status();
    }

    /** An answer to {@link #addCheckpoint}, or this region's own. */
    public record Answer(int status, String body) {}

    /** Asks the service under test to cosign. @param body as C2SP tlog-witness has it */
    public Answer addCheckpoint(int port, String body) throws Exception {
        return post(port, ADD_CHECKPOINT, body, ID + ".migration");
    }

    private Answer post(int port, String path, String body, String certificate) throws Exception {
        return ask(HttpMethod.POST, port, path, body, certificate);
    }

    private Answer ask(HttpMethod method, int port, String path, String body, String certificate) throws Exception {
        var client = vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setDefaultHost("localhost")
                .setDefaultPort(port)
                .setKeyCertOptions(identity(certificate))
                .setTrustOptions(trust()));
        try {
            return client.request(method, path)
                    .compose(request -> request.send(Buffer.buffer(body)))
                    .compose(
                            response -> response.body().map(text -> new Answer(response.statusCode(), text.toString())))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
        } finally {
            client.close();
        }
    }

    /** Signs as this region's migration-service. */
    public String sign(JsonObject payload) {
        return SignedDocument.sign(payload, ID, signingKey());
    }

    /** Signs as the region of the service under test. */
    static String signHere(JsonObject payload) {
        var key = Path.of(ConfigProvider.getConfig().getValue("test.folder", String.class))
                .resolve(Scene.HERE + ".sign");
        return SignedDocument.sign(payload, Scene.HERE, Ed25519Keys.privateKey(key));
    }

    public PrivateKey signingKey() {
        return Ed25519Keys.privateKey(folder.resolve("ap-southeast.sign"));
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            if (request.path().equals(ADD_CHECKPOINT)) {
                var answer = witness.add(body.toString());
                request.response().setStatusCode(answer.status()).end(answer.body());
                return;
            }
            if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                request.response().setStatusCode(503).end();
                return;
            }
            if (request.path().equals("/peer/v1/rollbacks")) {
                request.response().end(answers(new JsonArray(body)).toBuffer());
                return;
            }
            if (request.path().equals("/peer/v1/restored")) {
                request.response().end(told.apply(new JsonObject(body)).toBuffer());
                return;
            }
            if (request.path().equals("/peer/v1/newest")) {
                request.response().end(newest.toBuffer());
                return;
            }
            var kind = request.path().substring("/peer/v1/".length());
            received.add(new Received(kind, new JsonArray(body)));
            held.getOrDefault(kind, Future.succeededFuture())
                    .onSuccess(go -> request.response().end());
        });
    }

    private JsonArray answers(JsonArray orders) {
        var answers = new JsonArray();
        for (int i = 0; i < orders.size(); i++) {
            var order = orders.getJsonObject(i);
            var outcome = rollbacks.apply(order);
            answers.add(new JsonObject()
                    .put("accountId", order.getString("accountId"))
                    .put("rollbackId", order.getString("rollbackId"))
                    .put("outcome", outcome.name())
                    .put("reason", outcome.over() ? "because of " + outcome : null));
        }
        return answers;
    }

    private PemKeyCertOptions identity(String name) {
        return new PemKeyCertOptions()
                .setCertPath(folder.resolve(name + ".pem").toString())
                .setKeyPath(folder.resolve(name + ".key").toString());
    }

    private PemTrustOptions trust() {
        return new PemTrustOptions().addCertPath(folder.resolve("ca.pem").toString());
    }
}
