package org.domicile.platform.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;

/** What was answered to a request, whole. For bodies that are small: what is large is streamed. */
public record Answer(int status, Buffer body) {
    /**
     * Asks on an event loop, whoever calls: on another thread the answer could have ended before its body is listened for, and would
     * then never come.
     *
     * @param body null for none
     */
    public static Future<Answer> to(Vertx vertx, HttpClient http, RequestOptions request, Buffer body) {
        var answer = Promise.<Answer>promise();
        vertx.getOrCreateContext().runOnContext(v -> http.request(request)
                .compose(r -> send(r, body))
                .compose(response -> response.body().map(content -> new Answer(response.statusCode(), content)))
                .onComplete(answer));
        return answer.future();
    }

    private static Future<HttpClientResponse> send(HttpClientRequest request, Buffer body) {
        return body == null ? request.send() : request.send(body);
    }
}
