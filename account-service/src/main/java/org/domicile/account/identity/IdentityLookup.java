package org.domicile.account.identity;

import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Asks Keycloak's own admin API, not the extension that moves and deletes users, whether it has one. */
@ApplicationScoped
public class IdentityLookup {
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final WebClient http;
    private final KeycloakConfig config;
    private final IdentityToken token;

    @Inject
    public IdentityLookup(Vertx vertx, TlsConfigurationRegistry tls, KeycloakConfig config, Clock clock) {
        this.http = Identities.client(vertx, tls);
        this.config = config;
        this.token = new IdentityToken(http, config, clock);
    }

    /** @return fails with UNAVAILABLE if Keycloak does not answer, or does not let this service look */
    public Uni<Boolean> exists(AccountId account) {
        var url = config.url()
                .resolve("/admin/realms/" + config.realm() + "/users/" + account)
                .toString();
        return token.get()
                .flatMap(bearer -> http.requestAbs(HttpMethod.GET, url)
                        .timeout(config.timeout().toMillis())
                        .bearerTokenAuthentication(bearer)
                        .send())
                .map(response -> switch (response.statusCode()) {
                    case OK -> true;
                    case NOT_FOUND -> false;
                    case FORBIDDEN -> {
                        token.forget();
                        throw new ProblemException(
                                ErrorCode.UNAVAILABLE,
                                "The identity provider does not let this service look for users: give its service"
                                        + " account the role view-users of the client realm-management.");
                    }
                    default -> {
                        token.forget();
                        throw new ProblemException(
                                ErrorCode.UNAVAILABLE,
                                "The identity provider answered " + response.statusCode()
                                        + " to a look for a user: try again in a few seconds.");
                    }
                });
    }
}
