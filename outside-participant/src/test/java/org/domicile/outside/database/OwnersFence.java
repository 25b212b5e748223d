package org.domicile.outside.database;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.domicile.outside.testing.Tls;
import org.domicile.platform.account.AccountId;

/** The owner's hook, and the gate of the owner's application that it opens and shuts. */
final class OwnersFence implements AutoCloseable {
    private final HttpsServer server;
    private final String token;
    private final Map<String, JsonObject> told = new HashMap<>();

    OwnersFence(String name, String token) throws IOException {
        this.token = token;
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(Tls.of(name)));
        server.createContext("/fence/", this::take);
        server.start();
    }

    URI url() {
        return URI.create("https://localhost:" + server.getAddress().getPort() + "/fence");
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var allowed =
                    ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))
                            && exchange.getRequestMethod().equals("PUT");
            if (allowed) {
                var account = exchange.getRequestURI().getPath().substring("/fence/".length());
                tell(
                        account,
                        new JsonObject(Buffer.buffer(exchange.getRequestBody().readAllBytes())));
            }
            exchange.sendResponseHeaders(allowed ? 204 : 401, -1);
        }
    }

    private synchronized void tell(String account, JsonObject mode) {
        var known = told.get(account);
        if (known == null || known.getLong("epoch") <= mode.getLong("epoch")) {
            told.put(account, mode);
        }
    }

    synchronized String mode(AccountId account) {
        var known = told.get(account.toString());
        return known == null ? "NONE" : known.getString("mode");
    }

    /** A write of the owner's application: none is in flight when {@link #tell} has returned. */
    synchronized boolean write(AccountId account, Runnable write) {
        if (!mode(account).equals("OWN")) {
            return false;
        }
        write.run();
        return true;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
