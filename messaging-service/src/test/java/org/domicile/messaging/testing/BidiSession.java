package org.domicile.messaging.testing;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A session of WebDriver BiDi: commands and their answers; one command at a time. */
final class BidiSession {
    private static final long PATIENCE_SECONDS = 60;

    private final AtomicLong commands = new AtomicLong();
    private final ConcurrentMap<Long, CompletableFuture<JsonObject>> open = new ConcurrentHashMap<>();
    private final WebSocket socket;

    private BidiSession(URI browser) {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(browser.resolve("/session"), new Answers())
                .join();
    }

    static BidiSession open(URI browser) {
        var session = new BidiSession(browser);
        session.call("session.new", new JsonObject().put("capabilities", new JsonObject()));
        return session;
    }

    /** @return the command's result */
    JsonObject call(String method, JsonObject parameters) {
        var id = commands.incrementAndGet();
        var answer = new CompletableFuture<JsonObject>();
        open.put(id, answer);
        var command = new JsonObject().put("id", id).put("method", method).put("params", parameters);
        socket.sendText(command.encode(), true).join();
        var answered = answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        if (!"success".equals(answered.getString("type"))) {
            throw new AssertionError(method + " failed: " + answered);
        }
        return answered.getJsonObject("result");
    }

    /** The first of the browser's contexts of this kind. */
    String context(Map<String, Object> kind) {
        return call("browsingContext.getTree", new JsonObject(kind))
                .getJsonArray("contexts")
                .getJsonObject(0)
                .getString("context");
    }

    /** @return what the expression, or its promise, comes to, as text; null unless it is a text */
    String evaluate(String context, String expression) {
        var evaluated = call(
                "script.evaluate",
                new JsonObject()
                        .put("expression", expression)
                        .put("target", new JsonObject().put("context", context))
                        .put("awaitPromise", true));
        if (!"success".equals(evaluated.getString("type"))) {
            throw new AssertionError(expression + " failed: " + evaluated);
        }
        return evaluated.getJsonObject("result").getValue("value") instanceof String text ? text : null;
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                var answer = new JsonObject(text.toString());
                text.setLength(0);
                if (answer.containsKey("id")) {
                    open.remove(answer.getLong("id")).complete(answer);
                }
            }
            webSocket.request(1);
            return null;
        }
    }
}
