package org.domicile.platform.participant;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.BiFunction;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;

/**
 * What a service holds of an account, for its owner's export: open to the region's own account-service and nobody else, over mutual
 * TLS, because personal content never goes through Kafka. {@code GET /export/v1/{account}} names the classes,
 * {@code …/{class}?after=<version>} gives records above a version; the last one's version asks for the next.
 */
public final class ExportRoutes {
    /** Path of the routes. */
    public static final String PATH = "/export/v1";

    /** Secrets that prove something to us and are worth nothing to their owner but a theft. */
    private static final List<String> WITHHELD = List.of("secretData", "secret_sha256", "auth_secret");

    private final Pool pool;
    private final ServiceIdentity identity;
    private final List<ExportClass> classes;
    private final BiFunction<SqlConnection, AccountId, Uni<Boolean>> home;

    /** @param home whether an account is at home here: nothing is exported of one that is not */
    public ExportRoutes(
            Pool pool,
            ServiceIdentity identity,
            List<ExportClass> classes,
            BiFunction<SqlConnection, AccountId, Uni<Boolean>> home) {
        this.pool = pool;
        this.identity = identity;
        this.classes = List.copyOf(classes);
        this.home = home;
    }

    public void mount(PeerServer server) {
        server.router().get(PATH + "/:account").handler(c -> answer(c, names()));
        server.router().get(PATH + "/:account/:class").handler(c -> answer(c, records(c)));
    }

    private Uni<JsonArray> names() {
        return Uni.createFrom()
                .item(new JsonArray(classes.stream().map(ExportClass::name).toList()));
    }

    private Uni<JsonArray> records(RoutingContext context) {
        var asked = classes.stream()
                .filter(c -> c.name().equals(context.pathParam("class")))
                .findFirst()
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such class of data."));
        return page(AccountId.parse(context.pathParam("account")), asked, after(context));
    }

    private Uni<JsonArray> page(AccountId account, ExportClass asked, long after) {
        return pool.withTransaction(c -> home.apply(c, account)
                .flatMap(here -> here
                        ? asked.after(c, account, after)
                        : Uni.createFrom()
                                .failure(new ProblemException(ErrorCode.NOT_FOUND, "The account is not at home here.")))
                .map(records ->
                        new JsonArray(records.stream().map(ExportRoutes::shown).toList())));
    }

    private void answer(RoutingContext context, Uni<JsonArray> work) {
        var caller = PeerIdentity.of(context);
        if (!caller.equals(new PeerIdentity(identity.region(), "account"))) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only this region's account-service may ask.");
        }
        work.subscribe()
                .with(
                        json -> context.response()
                                .putHeader("Content-Type", "application/json")
                                .end(Json.encodeToBuffer(json)),
                        failure -> Problems.write(context, failure));
    }

    private static JsonObject shown(DataRecord record) {
        return new DataRecord(record.key(), record.version(), (JsonObject) withoutSecrets(record.data())).toJson();
    }

    private static Object withoutSecrets(Object value) {
        return switch (value) {
            case JsonObject object -> {
                var shown = new JsonObject();
                object.forEach(e -> {
                    if (!WITHHELD.contains(e.getKey())) {
                        shown.put(e.getKey(), withoutSecrets(e.getValue()));
                    }
                });
                yield shown;
            }
            case JsonArray array -> {
                var shown = new JsonArray();
                array.forEach(item -> shown.add(withoutSecrets(item)));
                yield shown;
            }
            case null -> null;
            default -> value;
        };
    }

    private static long after(RoutingContext context) {
        var text = context.queryParams().get("after");
        try {
            return text == null ? -1 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "Give the number \"after\".");
        }
    }
}
