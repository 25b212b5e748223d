package org.domicile.keycloak.signin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.keycloak.Config;
import org.keycloak.util.JsonSerialization;

/**
 * Asks account-service of this region which account a typed e-mail address or phone number belongs to
 * ({@code POST /internal/v1/resolve} on its peer listener, with this Keycloak's client certificate), and tells it of security events.
 *
 * <p>Settings: {@code spi-domicile--resolver--url}, {@code --certificate}, {@code --key}, {@code --ca}; the last three are PEM
 * files (the key PKCS#8). As environment variables: {@code KC_SPI_DOMICILE__RESOLVER__URL} and so on.
 */
final class AccountResolver {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TELL_TIMEOUT = Duration.ofSeconds(30);

    /** Built at the first sign-in, so that a Keycloak without these settings (its build step) still starts. */
    private static final class Shared {
        static final AccountResolver INSTANCE = fromConfiguration();
    }

    private final HttpClient http;
    private final URI resolve;
    private final URI securityEvents;

    private AccountResolver(HttpClient http, URI accounts) {
        this.http = http;
        this.resolve = accounts.resolve("/internal/v1/resolve");
        this.securityEvents = accounts.resolve("/internal/v1/security-events");
    }

    static AccountResolver shared() {
        return Shared.INSTANCE;
    }

    private static AccountResolver fromConfiguration() {
        Config.Scope settings = Config.scope("domicile", "resolver");
        var tls =
                PemTls.context(required(settings, "certificate"), required(settings, "key"), required(settings, "ca"));
        var http =
                HttpClient.newBuilder().sslContext(tls).connectTimeout(TIMEOUT).build();
        return new AccountResolver(http, URI.create(required(settings, "url")));
    }

    private static String required(Config.Scope settings, String name) {
        String value = settings.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalStateException("Set spi-domicile--resolver--" + name + " for Keycloak");
        }
        return value;
    }

    /**
     * The account's id, or empty when the identifier is unknown here.
     *
     * @throws ResolverUnavailable if account-service gave no usable answer
     */
    Optional<String> resolve(String identifier) {
        try {
            var request = HttpRequest.newBuilder(resolve)
                    .timeout(TIMEOUT)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            JsonSerialization.writeValueAsString(Map.of("identifier", identifier))))
                    .build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            return switch (response.statusCode()) {
                case 200 -> Optional.of(accountId(response.body()));
                case 400, 404 -> Optional.empty();
                default -> throw new ResolverUnavailable("account-service answered " + response.statusCode(), null);
            };
        } catch (IOException e) {
            throw new ResolverUnavailable("account-service cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResolverUnavailable("interrupted", e);
        }
    }

    /** Says what was seen of an account's sign-in, without waiting. @return the answer's status */
    CompletableFuture<Integer> tell(String account, String kind, Instant at) {
        try {
            var body = JsonSerialization.writeValueAsString(
                    Map.of("accountId", account, "kind", kind, "at", at.toString()));
            var request = HttpRequest.newBuilder(securityEvents)
                    .timeout(TELL_TIMEOUT)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .thenApply(HttpResponse::statusCode);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String accountId(String body) throws IOException {
        JsonNode id = JsonSerialization.readValue(body, JsonNode.class).path("accountId");
        if (!id.isTextual()) {
            throw new ResolverUnavailable("account-service answered without an accountId", null);
        }
        return id.asText();
    }

    /** No answer from account-service: sign-in by e-mail or phone is impossible for the moment. */
    static final class ResolverUnavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ResolverUnavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
