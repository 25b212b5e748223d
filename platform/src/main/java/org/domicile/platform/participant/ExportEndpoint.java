package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceStore;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;

/**
 * What this service holds of an account, for its owner's export: open to the region's own account-service and nobody else, over
 * mutual TLS, because personal content never goes through Kafka. {@code GET /export/v1/{account}} names the classes,
 * {@code …/{class}?after=<version>} gives records above a version; the last one's version asks for the next.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
public class ExportEndpoint {
    /** Path of the routes. */
    public static final String PATH = "/export/v1";

    private static final int LIMIT = 1_000;
    /** Secrets that prove something to us and are worth nothing to their owner but a theft. */
    private static final List<String> WITHHELD = List.of("secretData", "secret_sha256", "auth_secret");

    private final PeerServer server;
    private final Pool pool;
    private final FenceStore fences;
    private final Participant participant;
    private final ServiceIdentity identity;

    @Inject
    ExportEndpoint(PeerServer server, Pool pool, FenceStore fences, Participant participant, ServiceIdentity identity) {
        this.server = server;
        this.pool = pool;
        this.fences = fences;
        this.participant = participant;
        this.identity = identity;
    }

    void mount(@Observes StartupEvent event) {
        server.router().get(PATH + "/:account").handler(c -> answer(c, classes()));
        server.router().get(PATH + "/:account/:class").handler(c -> answer(c, records(c)));
    }

    /** The names of this service's classes of data. */
    private Uni<JsonArray> classes() {
        return Uni.createFrom()
                .item(new JsonArray(
                        participant.classes().stream().map(RecordClass::name).toList()));
    }

    private Uni<JsonArray> records(RoutingContext context) {
        var recordClass = participant.classes().stream()
                .filter(c -> c.name().equals(context.pathParam("class")))
                .findFirst()
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such class of data."));
        return page(AccountId.parse(context.pathParam("account")), recordClass, after(context));
    }

    private Uni<JsonArray> page(AccountId account, RecordClass recordClass, long after) {
        return pool.withTransaction(c -> fences.read(c, account)
                .flatMap(row -> row.mode() != FenceMode.OWN && row.mode() != FenceMode.FROZEN
                        ? Uni.createFrom()
                                .failure(new ProblemException(ErrorCode.NOT_FOUND, "The account is not at home here."))
                        : recordClass.after(c, account, after, LIMIT))
                .map(records -> new JsonArray(
                        records.stream().map(ExportEndpoint::shown).toList())));
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
