package org.domicile.participant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Calls a system's participant API. */
public final class ParticipantApi {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http;
    private final String base;
    private final String token;

    /** @param token null = none is sent */
    public ParticipantApi(HttpClient http, URI base, String token) {
        this.http = http;
        this.base = base.toString().replaceAll("/$", "");
        this.token = token;
    }

    ParticipantApi withoutToken() {
        return new ParticipantApi(http, URI.create(base), null);
    }

    boolean hasToken() {
        return token != null;
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer put(String path, JsonNode body) {
        return send("PUT", path, body);
    }

    Answer post(String path, JsonNode body) {
        return send("POST", path, body);
    }

    private Answer send(String method, String path, JsonNode body) {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), json(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + base + path + " failed: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String body) {
        try {
            return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException e) {
            return JSON.createObjectNode().put("detail", "not JSON: " + body);
        }
    }
}
