package org.domicile.account.identity;

import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.jboss.logging.Logger;

/** The users of the region's Keycloak, one per account, under the account's id. */
@ApplicationScoped
public class Identities {
    private static final Logger LOG = Logger.getLogger(Identities.class);
    private static final int NO_CONTENT = 204;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    private final WebClient http;
    private final KeycloakConfig config;
    private final IdentityToken token;

    @Inject
    public Identities(Vertx vertx, TlsConfigurationRegistry tls, KeycloakConfig config, Clock clock) {
        this.http = client(vertx, tls);
        this.config = config;
        this.token = new IdentityToken(http, config, clock);
    }

    static WebClient client(Vertx vertx, TlsConfigurationRegistry tls) {
        var options = new WebClientOptions().setConnectTimeout(5_000).setKeepAlive(true);
        tls.getDefault()
                .filter(c -> c.getTrustStoreOptions() != null)
                .ifPresent(c -> options.setTrustOptions(c.getTrustStoreOptions()));
        return WebClient.create(vertx, options);
    }

    public Uni<Optional<IdentityUser>> find(AccountId account) {
        return send(HttpMethod.GET, account, "", null).map(Identities::user);
    }

    private static Optional<IdentityUser> user(HttpResponse<Buffer> response) {
        return response.statusCode() == NOT_FOUND
                ? Optional.empty()
                : Optional.of(response.bodyAsJsonObject().mapTo(IdentityUser.class));
    }

    /**
     * Makes the user exactly this, replacing one that is there; repeatable.
     *
     * @param epoch of the order, here and below: fails with CONFLICT if one of a later epoch was taken, so that a request which comes
     *     late, because its sender did not wait for it any more, undoes nothing
     */
    public Uni<Void> put(AccountId account, IdentityUser user, long epoch) {
        return send(HttpMethod.PUT, account, at(epoch), JsonObject.mapFrom(user))
                .replaceWithVoid();
    }

    /** Ends all sessions and refuses sign-in. A user that is not there cannot sign in either. @return the user then */
    public Uni<Optional<IdentityUser>> disable(AccountId account, long epoch) {
        return send(HttpMethod.POST, account, "/disable" + at(epoch), null).map(Identities::user);
    }

    public Uni<Void> enable(AccountId account, long epoch) {
        return send(HttpMethod.POST, account, "/enable" + at(epoch), null)
                .invoke(response -> {
                    if (response.statusCode() == NOT_FOUND) {
                        throw unavailable("GET/" + account + "/enable", NOT_FOUND);
                    }
                })
                .replaceWithVoid();
    }

    /** Newest first; none of a user that is not there. */
    public Uni<List<IdentitySession>> sessions(AccountId account) {
        return send(HttpMethod.GET, account, "/sessions", null)
                .map(response -> response.statusCode() == NOT_FOUND
                        ? List.of()
                        : response.bodyAsJsonArray().stream()
                                .map(one -> ((JsonObject) one).mapTo(IdentitySession.class))
                                .toList());
    }

    /** @return false if the account has no such session */
    public Uni<Boolean> endSession(AccountId account, String session) {
        return send(HttpMethod.DELETE, account, "/sessions/" + session, null)
                .map(response -> response.statusCode() != NOT_FOUND);
    }

    /** Ends all but one. @param keep null to end that too */
    public Uni<Void> endSessions(AccountId account, String keep) {
        return send(HttpMethod.DELETE, account, "/sessions" + query(keep, null), null)
                .replaceWithVoid();
    }

    /**
     * Makes it the only password, and ends all sessions but one.
     *
     * @param keep null to end that too
     * @param epoch of the account's row, here and below; fails with UNAVAILABLE (503) if a move has sealed the user since
     */
    public Uni<Void> setPassword(AccountId account, IdentityUser.Credential password, String keep, long epoch) {
        var path = "/password" + query(keep, epoch);
        return beforeItMoves(send(HttpMethod.PUT, account, path, JsonObject.mapFrom(password)))
                .invoke(response -> {
                    if (response.statusCode() == NOT_FOUND) {
                        throw unavailable("PUT/" + account + "/password", NOT_FOUND);
                    }
                })
                .replaceWithVoid();
    }

    public Uni<List<IdentityPasskey>> passkeys(AccountId account) {
        return send(HttpMethod.GET, account, "/passkeys", null)
                .map(response -> response.statusCode() == NOT_FOUND
                        ? List.of()
                        : response.bodyAsJsonArray().stream()
                                .map(one -> ((JsonObject) one).mapTo(IdentityPasskey.class))
                                .toList());
    }

    /** @return false if the account has no such passkey */
    public Uni<Boolean> removePasskey(AccountId account, UUID passkey, long epoch) {
        return beforeItMoves(send(HttpMethod.DELETE, account, "/passkeys/" + passkey + at(epoch), null))
                .map(response -> response.statusCode() != NOT_FOUND);
    }

    private static <T> Uni<T> beforeItMoves(Uni<T> change) {
        return change.onFailure(f -> f instanceof ProblemException problem && problem.code() == ErrorCode.CONFLICT)
                .transform(f -> new ProblemException(
                        ErrorCode.UNAVAILABLE,
                        "The account is being moved: try again in a few seconds.",
                        Map.of("retryAfter", 3)));
    }

    private static String query(String keep, Long epoch) {
        return Stream.of(keep == null ? null : "keep=" + keep, epoch == null ? null : "epoch=" + epoch)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("&", "?", ""));
    }

    /** Some users, operators among them. @param users how many; 0 at the end */
    record Page(int users, List<AccountId> accounts) {
        static Page of(JsonObject json) {
            return new Page(
                    json.getInteger("users"),
                    json.getJsonArray("accounts").stream()
                            .map(id -> AccountId.parse((String) id))
                            .toList());
        }
    }

    /** In a fixed order. @param first how many to leave out */
    Uni<Page> page(int first, int limit) {
        return send(HttpMethod.GET, "?first=" + first + "&max=" + limit, null)
                .map(response -> Page.of(response.bodyAsJsonObject()));
    }

    /** What orders up to this epoch left. */
    public Uni<Void> delete(AccountId account, long epoch) {
        return send(HttpMethod.DELETE, account, at(epoch), null).replaceWithVoid();
    }

    private static String at(long epoch) {
        return "?epoch=" + epoch;
    }

    private Uni<HttpResponse<Buffer>> send(HttpMethod method, AccountId account, String action, JsonObject body) {
        return send(method, "/" + account + action, body);
    }

    /** @param path of users, with the query */
    private Uni<HttpResponse<Buffer>> send(HttpMethod method, String path, JsonObject body) {
        return attempt(method, path, body)
                .flatMap(response -> {
                    if (response.statusCode() != UNAUTHORIZED) {
                        return Uni.createFrom().item(response);
                    }
                    token.forget();
                    return attempt(method, path, body);
                })
                .onFailure(f -> !(f instanceof ProblemException))
                .transform(f -> {
                    LOG.warnf("identity provider not reached reason=%s", method + path + " " + f);
                    return away();
                })
                .invoke(response -> {
                    int status = response.statusCode();
                    if (status == PRECONDITION_FAILED) {
                        throw new ProblemException(
                                ErrorCode.CONFLICT, "A later order was taken: nothing is to be done for this one.");
                    }
                    if (status != 200 && status != NO_CONTENT && status != NOT_FOUND) {
                        throw unavailable(method + path, status);
                    }
                });
    }

    private Uni<HttpResponse<Buffer>> attempt(HttpMethod method, String path, JsonObject body) {
        var url = config.url()
                .resolve("/realms/" + config.realm() + "/domicile-transfer/users" + path)
                .toString();
        return token.get().flatMap(bearer -> {
            var request = http.requestAbs(method, url)
                    .timeout(config.timeout().toMillis())
                    .bearerTokenAuthentication(bearer);
            return body == null ? request.send() : request.sendJsonObject(body);
        });
    }

    private static ProblemException unavailable(String request, int status) {
        LOG.errorf("identity provider refused status=%d reason=%s", status, request);
        return away();
    }

    private static ProblemException away() {
        return new ProblemException(
                ErrorCode.UNAVAILABLE,
                "The identity provider does not answer: try again in a few seconds.",
                Map.of("retryAfter", 3));
    }
}
