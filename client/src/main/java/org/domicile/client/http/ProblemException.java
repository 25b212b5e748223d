package org.domicile.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A service's refusal, from {@code application/problem+json} (RFC 9457) where it sent one. The message is one sentence for a
 * person; {@link #type()} is for programs.
 */
public class ProblemException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String PREFIX = "https://domicile.dev/errors/";

    private final int status;
    private final String type;
    private final String homeRegion;
    private final String location;
    private final Duration retryAfter;
    private final transient JsonNode body;

    private ProblemException(String message, int status, JsonNode body, Duration retryAfter) {
        super(message);
        this.status = status;
        this.type = body.path("type").asText("about:blank");
        this.homeRegion = body.path("homeRegion").asText(null);
        this.location = body.path("location").asText(null);
        this.retryAfter = retryAfter;
        this.body = body;
    }

    /** @param retryAfter as the service asked, or null */
    public static ProblemException of(URI uri, int status, byte[] body, Duration retryAfter) {
        JsonNode json = parse(body);
        String message = first(
                json.path("detail").asText(null),
                json.path("title").asText(null),
                json.path("error_description").asText(null));
        if (message == null) {
            message = "The service at " + uri.getHost() + ":" + uri.getPort() + " answered " + status + " to "
                    + uri.getPath().replaceAll("/connect/.*|/push/.*", "/…");
        }
        return new ProblemException(message, status, json, retryAfter);
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode json = MAPPER.readTree(body);
            return json != null && json.isObject() ? json : MAPPER.createObjectNode();
        } catch (IOException e) {
            return MAPPER.createObjectNode();
        }
    }

    private static String first(String... texts) {
        for (String text : texts) {
            if (text != null && !text.isBlank()) {
                return text;
            }
        }
        return null;
    }

    public int status() {
        return status;
    }

    /** The last part of the problem's type, such as {@code consent-required}; the whole type if it is not one of ours. */
    public String code() {
        return type.startsWith(PREFIX) ? type.substring(PREFIX.length()) : type;
    }

    public String type() {
        return type;
    }

    /** A further member of the problem (RFC 9457 section 3.2); a missing node if there is none. */
    public JsonNode extension(String name) {
        return body.path(name);
    }

    /** With 421: where the account lives. */
    public Optional<String> homeRegion() {
        return Optional.ofNullable(homeRegion);
    }

    /** With 421: the same service's base address there. */
    public Optional<URI> location() {
        return Optional.ofNullable(location).map(URI::create);
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
