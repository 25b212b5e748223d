package org.domicile.account.identity;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.MultiMap;
import io.vertx.mutiny.ext.web.client.WebClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** This service's own access token, kept until shortly before it expires. */
final class IdentityToken {
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private final WebClient http;
    private final KeycloakConfig config;
    private final Clock clock;
    private volatile Issued current = new Issued("", Instant.EPOCH);

    private record Issued(String token, Instant until) {}

    IdentityToken(WebClient http, KeycloakConfig config, Clock clock) {
        this.http = http;
        this.config = config;
        this.clock = clock;
    }

    Uni<String> get() {
        var known = current;
        return clock.instant().isBefore(known.until()) ? Uni.createFrom().item(known.token()) : fetch();
    }

    /** After Keycloak has refused the token. */
    void forget() {
        current = new Issued("", Instant.EPOCH);
    }

    private Uni<String> fetch() {
        var form = MultiMap.caseInsensitiveMultiMap()
                .add("grant_type", "client_credentials")
                .add("client_id", config.clientId())
                .add("client_secret", config.clientSecret());
        return http.postAbs(config.url()
                        .resolve("/realms/" + config.realm() + "/protocol/openid-connect/token")
                        .toString())
                .timeout(config.timeout().toMillis())
                .sendForm(form)
                .map(response -> {
                    if (response.statusCode() != 200) {
                        throw new ProblemException(
                                ErrorCode.UNAVAILABLE,
                                "The identity provider refuses this service: tell the operator.");
                    }
                    var body = response.bodyAsJsonObject();
                    var issued = new Issued(
                            body.getString("access_token"),
                            clock.instant()
                                    .plusSeconds(body.getLong("expires_in"))
                                    .minus(MARGIN));
                    current = issued;
                    return issued.token();
                });
    }
}
