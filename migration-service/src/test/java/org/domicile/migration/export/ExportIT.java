package org.domicile.migration.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.domicile.migration.testing.MigrationResource;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.testing.PlatformResource;
import org.junit.jupiter.api.Test;

/** The region's account-service collects an owner's archive. */
@QuarkusTest
@QuarkusTestResource(MigrationResource.class)
class ExportIT {
    private static final String ACCOUNT_SERVICE = "cn-north.account";

    @Inject
    PeerServer listener;

    @Inject
    Pool pool;

    private final AccountId account = AccountId.create();

    @Test
    void an_owner_gets_what_is_known_of_their_moves_and_not_why_an_operator_acted() {
        home("cn-north");
        run("insert into move (account_id, id, source, target, state, reason, shadow_epoch, fence_epoch, home_epoch,"
                + " end_epoch, settled, requested_by, created_at) values ($1, '" + UUID.randomUUID() + "', 'cn-north',"
                + " 'ap-southeast', 'HELD', 'court order 7', 0, 0, 0, 0, true, 'operator-1', now())");
        run("insert into account_label (account_id, label) values ($1, 'beta')");

        var classes = json(ACCOUNT_SERVICE, "");
        assertTrue(classes.getList().containsAll(List.of("directory", "moves", "receipts", "labels")), classes::encode);
        var moves = json(ACCOUNT_SERVICE, "/moves?after=-1");
        assertEquals(1, moves.size());
        var move = data(moves);
        assertEquals("ap-southeast", move.getString("target"));
        assertFalse(moves.encode().contains("court order"), moves.encode());
        assertFalse(moves.encode().contains("operator-1"), moves.encode());
        assertEquals("beta", data(json(ACCOUNT_SERVICE, "/labels?after=-1")).getString("label"));
        assertEquals(
                "cn-north", data(json(ACCOUNT_SERVICE, "/directory?after=-1")).getString("home"));
        for (var name : classes) {
            assertEquals(new JsonArray(), json(ACCOUNT_SERVICE, "/" + name + "?after=0"), "all came at once");
        }
    }

    @Test
    void nobody_else_gets_it_and_nobody_of_an_account_that_lives_elsewhere() {
        home("cn-north");
        assertEquals(403, status("cn-north.backup", "/moves"));
        assertEquals(403, status("ap-southeast.account", "/moves"));
        assertEquals(404, status(ACCOUNT_SERVICE, "/secrets"));

        run("update directory set home = 'ap-southeast' where account_id = $1");
        assertEquals(404, status(ACCOUNT_SERVICE, "/moves"));
    }

    private void home(String region) {
        run("insert into directory (account_id, home, epoch, state) values ($1, '" + region + "', 1, 'IDLE')");
    }

    private void run(String sql) {
        pool.preparedQuery(sql).execute(Tuple.of(account.value())).await().indefinitely();
    }

    private static JsonObject data(JsonArray records) {
        return records.getJsonObject(0).getJsonObject("data");
    }

    private JsonArray json(String caller, String path) {
        var answer = get(caller, path);
        assertEquals(200, answer.status(), answer.body()::toString);
        return answer.body().toJsonArray();
    }

    private int status(String caller, String path) {
        return get(caller, path).status();
    }

    private record Answer(int status, Buffer body) {}

    private Answer get(String caller, String path) {
        var authority = PlatformResource.authority();
        var vertx = Vertx.vertx();
        try {
            return vertx.createHttpClient(new HttpClientOptions()
                            .setSsl(true)
                            .setKeyCertOptions(new PemKeyCertOptions()
                                    .setCertPath(authority.issue(caller).toString())
                                    .setKeyPath(authority.keyOf(caller).toString()))
                            .setTrustOptions(new PemTrustOptions()
                                    .addCertPath(authority.ca().toString())))
                    .request(HttpMethod.GET, listener.port(), "localhost", "/export/v1/" + account + path)
                    .compose(request -> request.send()
                            .compose(response -> response.body().map(body -> new Answer(response.statusCode(), body))))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } finally {
            vertx.close();
        }
    }
}
