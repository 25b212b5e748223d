package org.domicile.client.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/**
 * Sends requests, again when that may help: after 429 and 503 (with {@code Retry-After}), and after 502, 504 and a broken
 * connection where repeating does no harm. Safe for threads.
 */
public final class Http {
    /** Nothing was done. */
    private static final Set<Integer> PASSING = Set.of(429, 503);
    /** Whether it was done nobody knows. */
    private static final Set<Integer> UNKNOWN = Set.of(502, 504);

    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "PUT", "DELETE");
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client;
    private final RetryPolicy policy;
    private final RandomGenerator random;

    public Http(HttpClient client, RetryPolicy policy, RandomGenerator random) {
        this.client = client;
        this.policy = policy;
        this.random = random;
    }

    /** For what is not part of the stack, such as an object store: the platform's own trust. */
    public static Http standard(RetryPolicy policy) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        return new Http(client, policy, RandomGenerator.getDefault());
    }

    /** HTTP/1.1: uploads of many megabytes are not held up by one stream's window. */
    public static Http trusting(SSLContext trust, RetryPolicy policy) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(trust)
                .build();
        return new Http(client, policy, RandomGenerator.getDefault());
    }

    /** The client itself, for WebSockets. */
    public HttpClient client() {
        return client;
    }

    /** As {@link #send(HttpRequest, boolean)}, repeated after a broken connection if the method is idempotent. */
    public HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        return send(request, REPEATABLE.contains(request.method()));
    }

    /**
     * Returns an answer of class 2xx.
     *
     * @param repeatable whether the request may be sent again when it is unknown if the first one arrived
     * @throws ProblemException for any other answer, once trying again no longer helps
     * @throws IOException when the service cannot be reached
     */
    public HttpResponse<byte[]> send(HttpRequest request, boolean repeatable) throws IOException {
        return send(request, repeatable, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The same, with the bodies of answers read as the handler does. */
    public HttpResponse<byte[]> send(HttpRequest request, boolean repeatable, HttpResponse.BodyHandler<byte[]> bodies)
            throws IOException {
        for (int failures = 1; ; failures++) {
            Duration asked = null;
            try {
                HttpResponse<byte[]> response = client.send(request, bodies);
                if (response.statusCode() / 100 == 2) {
                    return response;
                }
                asked = retryAfter(response).orElse(null);
                boolean again = PASSING.contains(response.statusCode())
                        || (repeatable && UNKNOWN.contains(response.statusCode()));
                if (!again || failures >= policy.attempts()) {
                    throw ProblemException.of(request.uri(), response.statusCode(), response.body(), asked);
                }
            } catch (ProblemException e) {
                throw e;
            } catch (IOException e) {
                boolean unsent = e instanceof ConnectException;
                if (!(unsent || repeatable) || failures >= policy.attempts()) {
                    throw unreachable(request, e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("The request was interrupted");
            }
            pause(policy.wait(failures, asked, random));
        }
    }

    private static IOException unreachable(HttpRequest request, IOException cause) {
        String reason = cause.getMessage() == null ? "no connection" : cause.getMessage();
        return new IOException(
                "The service at " + request.uri().getHost() + ":"
                        + request.uri().getPort() + " cannot be reached (" + reason
                        + "): check that it runs and that you are online",
                cause);
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers().firstValue("Retry-After").flatMap(value -> {
            try {
                return Optional.of(Duration.ofSeconds(Math.max(0, Long.parseLong(value.trim()))));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        });
    }

    private static void pause(Duration duration) throws InterruptedIOException {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The request was interrupted");
        }
    }
}
