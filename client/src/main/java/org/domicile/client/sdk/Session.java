package org.domicile.client.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.domicile.client.http.Http;
import org.domicile.client.http.ProblemException;

/**
 * Someone signed in, at their home region, wherever that is now: a token is renewed before it ends, a 421 is followed to the new
 * home with a new sign-in there, and an answer from before a move (a lower {@code Domicile-Epoch}) is not believed. Safe for
 * threads.
 */
public final class Session {
    private static final int HOPS = 4;
    private static final Duration STALE_WAIT = Duration.ofMillis(500);
    private static final int MISDIRECTED = 421;
    private static final String REAUTHENTICATION = "reauthentication-required";

    private final Http http;
    private final RegionList regions;
    private final TokenIssuer issuer;
    private final Clock clock;
    private final Credential credential;
    private Region home;
    private Tokens tokens;
    private long epoch;

    /** @param tokens kept from an earlier session, or null */
    Session(
            Http http,
            RegionList regions,
            TokenIssuer issuer,
            Clock clock,
            Credential credential,
            Region home,
            Tokens tokens) {
        this.http = http;
        this.regions = regions;
        this.issuer = issuer;
        this.clock = clock;
        this.credential = credential;
        this.home = home;
        this.tokens = tokens;
    }

    public JsonNode get(Service service, String path) throws IOException {
        return call("GET", service, path, null);
    }

    /** What is plain text, such as a receipt. */
    public String text(Service service, String path) throws IOException {
        return new String(send("GET", service, path, null), StandardCharsets.UTF_8);
    }

    /** What is no text, such as an archive. */
    public byte[] bytes(Service service, String path) throws IOException {
        return send("GET", service, path, null);
    }

    public JsonNode put(Service service, String path, JsonNode body) throws IOException {
        return call("PUT", service, path, body);
    }

    public JsonNode post(Service service, String path, JsonNode body) throws IOException {
        return call("POST", service, path, body);
    }

    public JsonNode patch(Service service, String path, JsonNode body) throws IOException {
        return call("PATCH", service, path, body);
    }

    public JsonNode delete(Service service, String path) throws IOException {
        return call("DELETE", service, path, null);
    }

    /**
     * @throws ProblemException when the service refuses
     * @throws IOException when it cannot be reached or the sign-in is refused
     */
    private JsonNode call(String method, Service service, String path, JsonNode body) throws IOException {
        return Json.parse(send(method, service, path, body));
    }

    private byte[] send(String method, Service service, String path, JsonNode body) throws IOException {
        boolean renewed = false;
        for (int hop = 1; ; hop++) {
            Region asked = home();
            try {
                HttpResponse<byte[]> response = http.send(request(asked, method, service, path, body));
                if (isCurrent(response)) {
                    return response.body();
                }
                if (hop == HOPS) {
                    throw new IOException(
                            "The region " + asked.id() + " still answers from before a move: try again later");
                }
                pause();
            } catch (ProblemException e) {
                if (e.status() == MISDIRECTED && e.homeRegion().isPresent() && hop < HOPS) {
                    moveTo(e.homeRegion().get(), e.extension("epoch").asLong());
                } else if (e.status() == 401 && !renewed && hop < HOPS) {
                    renewed = true;
                    expire(e.code().equals(REAUTHENTICATION));
                } else {
                    throw e;
                }
            }
        }
    }

    private HttpRequest request(Region region, String method, Service service, String path, JsonNode body)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(region.uri(service, path))
                .timeout(Duration.ofSeconds(60))
                .header("Accept", "application/json, application/problem+json, text/plain;q=0.5, */*;q=0.1")
                .header("Authorization", "Bearer " + accessToken().reveal());
        if (epoch() > 0) {
            request.header("Domicile-Epoch", Long.toString(epoch()));
        }
        if (body == null) {
            return request.method(method, BodyPublishers.noBody()).build();
        }
        return request.header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
    }

    /** A token that is valid now, at the home region's issuer. */
    public synchronized Secret accessToken() throws IOException {
        Instant now = clock.instant();
        if (tokens == null || !tokens.isFresh(now)) {
            tokens = renew();
        }
        return tokens.access();
    }

    private Tokens renew() throws IOException {
        if (tokens != null && tokens.refresh() != null) {
            try {
                return issuer.refresh(home, tokens.refresh());
            } catch (ProblemException e) {
                // The session there has ended: a new sign-in is needed.
            }
        }
        if (credential == null) {
            throw new IOException("The sign-in has ended: sign in again with './domicile account sign-in'");
        }
        return issuer.signIn(home, credential);
    }

    private synchronized boolean isCurrent(HttpResponse<?> response) {
        long answered = response.headers().firstValueAsLong("Domicile-Epoch").orElse(epoch);
        if (answered < epoch) {
            return false;
        }
        epoch = answered;
        return true;
    }

    /** @param since the epoch at which that is so: the region waits until it knows it too */
    private synchronized void moveTo(String region, long since) throws IOException {
        epoch = Math.max(epoch, since);
        if (!home.id().equals(region)) {
            home = regions.get(region);
            tokens = null;
        }
    }

    /** @param signIn whether a refresh is not enough: the service wants the password again */
    private synchronized void expire(boolean signIn) {
        if (signIn && credential != null) {
            tokens = null;
        } else if (tokens != null) {
            tokens = new Tokens(tokens.access(), tokens.refresh(), Instant.EPOCH);
        }
    }

    /** The account's id, as the token names it. */
    public String accountId() throws IOException {
        String[] parts = accessToken().reveal().split("\\.");
        if (parts.length != 3) {
            throw new IOException("The identity provider gave a token that is not a JSON Web Token");
        }
        return Json.parse(Base64.getUrlDecoder().decode(parts[1])).path("sub").asText();
    }

    /** Where the account lives, as far as is known. */
    public synchronized Region home() {
        return home;
    }

    /** The highest epoch seen, 0 when none was. */
    public synchronized long epoch() {
        return epoch;
    }

    /** To be kept for a later session; null before the first sign-in. */
    public synchronized Tokens tokens() {
        return tokens;
    }

    /** The address of a path at a service of the home region. */
    public URI uri(Service service, String path) {
        return home().uri(service, path);
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(STALE_WAIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("The request was interrupted");
        }
    }
}
