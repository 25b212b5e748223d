package org.domicile.local.bench.account;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;

/**
 * What {@code GET /v1/me} is measured against, in a process of its own: a Vert.x route with the same TLS, the same check of the token
 * and the same statements, and nothing else: what is encrypted leaves as it is. Runs with the class path of account-service.
 */
public final class BareRoute extends AbstractVerticle {
    private static final String STANDING = "select r.home, r.epoch as home_epoch, r.previous, r.since, f.mode, f.epoch,"
            + " f.version, f.at from (select $1::uuid as account_id) a left join residency r using (account_id)"
            + " left join fence f using (account_id)";
    private static final String PROFILE =
            "select market, email, phone, name, locale, opened_at from account where account_id = $1";
    private static final String KEY =
            "select edek, used_at < clock_timestamp() - interval '10 minutes' as old from wrapped_key where account_id = $1";
    private static final int UNAUTHORIZED = 401;
    private static final String BEARER = "Bearer ";

    private final Properties settings;
    private final Pool pool;
    private final Pool keys;
    private final JwtConsumer tokens;

    private BareRoute(Properties settings, Pool pool, Pool keys, JwtConsumer tokens) {
        this.settings = settings;
        this.pool = pool;
        this.keys = keys;
        this.tokens = tokens;
    }

    /** @param arguments a properties file: port, cert, key, issuer, jwks, and host, port, name, user, password, pool of both db. and keys. */
    public static void main(String[] arguments) throws IOException, JoseException {
        var settings = new Properties();
        try (var in = Files.newInputStream(Path.of(arguments[0]))) {
            settings.load(in);
        }
        var vertx = Vertx.vertx();
        var pool = pool(vertx, settings, "db.");
        var keys = pool(vertx, settings, "keys.");
        var consumer = consumer(settings);
        var loops = 2 * Runtime.getRuntime().availableProcessors();
        vertx.deployVerticle(
                        () -> new BareRoute(settings, pool, keys, consumer),
                        new DeploymentOptions().setInstances(loops))
                .onFailure(failure -> {
                    failure.printStackTrace();
                    vertx.close();
                });
    }

    private static Pool pool(Vertx vertx, Properties settings, String of) {
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(Integer.parseInt(settings.getProperty(of + "pool"))))
                .connectingTo(new PgConnectOptions()
                        .setHost(settings.getProperty(of + "host"))
                        .setPort(Integer.parseInt(settings.getProperty(of + "port")))
                        .setDatabase(settings.getProperty(of + "name"))
                        .setUser(settings.getProperty(of + "user"))
                        .setPassword(settings.getProperty(of + "password"))
                        .setCachePreparedStatements(true))
                .using(vertx)
                .build();
    }

    private static JwtConsumer consumer(Properties settings) throws JoseException {
        return new JwtConsumerBuilder()
                .setVerificationKeyResolver(new JwksVerificationKeyResolver(
                        new JsonWebKeySet(settings.getProperty("jwks")).getJsonWebKeys()))
                .setExpectedIssuer(settings.getProperty("issuer"))
                .setRequireExpirationTime()
                .setSkipDefaultAudienceValidation()
                .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, "RS256"))
                .build();
    }

    @Override
    public void start(Promise<Void> started) {
        var router = Router.router(vertx);
        router.get("/v1/me").handler(this::read);
        var tls = new PemKeyCertOptions()
                .setCertPath(settings.getProperty("cert"))
                .setKeyPath(settings.getProperty("key"));
        vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(tls)
                        .setHost("127.0.0.1")
                        .setPort(Integer.parseInt(settings.getProperty("port"))))
                .requestHandler(router)
                .listen()
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private void read(RoutingContext context) {
        var header = context.request().getHeader("Authorization");
        UUID account;
        try {
            account = account(header);
        } catch (InvalidJwtException | RuntimeException e) {
            context.response().setStatusCode(UNAUTHORIZED).end();
            return;
        }
        rows(pool, STANDING, account)
                .flatMap(standing -> rows(pool, PROFILE, account).flatMap(profile -> rows(keys, KEY, account)
                        .map(key -> answer(account, standing, profile, key))))
                .onSuccess(body -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(body.toBuffer()))
                .onFailure(context::fail);
    }

    @SuppressWarnings("unchecked")
    private UUID account(String header) throws InvalidJwtException {
        var claims = tokens.processToClaims(header.substring(BEARER.length()));
        var access = (Map<String, Object>) claims.getClaimValue("realm_access");
        if (!((List<String>) access.get("roles")).contains("owner")) {
            throw new IllegalArgumentException("not an owner's token");
        }
        return UUID.fromString(claims.getClaimValueAsString("sub"));
    }

    private static Future<Row> rows(Pool pool, String sql, UUID account) {
        return pool.preparedQuery(sql).execute(Tuple.of(account)).map(rows -> rows.iterator()
                .next());
    }

    private static JsonObject answer(UUID account, Row standing, Row profile, Row key) {
        return new JsonObject()
                .put("accountId", account.toString())
                .put("mode", standing.getString("mode"))
                .put("market", profile.getString("market"))
                .put("email", profile.getBuffer("email").length())
                .put("phone", profile.getBuffer("phone").length())
                .put("displayName", profile.getBuffer("name").length())
                .put("locale", profile.getString("locale"))
                .put("openedAt", profile.getOffsetDateTime("opened_at").toString())
                .put("key", key.getBuffer("edek").length());
    }
}
