package org.domicile.platform.participant;

import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RequestBody;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.participant.TransferGrants.Open;
import org.domicile.platform.peer.PeerServer;

/**
 * What the shadow of a move reads at its source. Opened by nothing but the SHADOW or FEED command that this region's own
 * migration-service signed for the calling region and service, and only while that move goes on.
 */
@ApplicationScoped
@IfBuildProperty(name = "domicile.participant", stringValue = "true")
public class TransferEndpoint {
    static final String PATH = "/transfer/v1";
    static final String GRANT = "Domicile-Grant";
    private static final int MAX_LIMIT = 2_000;
    private static final int BATCH = 500;
    private static final Set<FenceOperation> OPENING = Set.of(FenceOperation.SHADOW, FenceOperation.FEED);

    private final PeerServer server;
    private final Pool pool;
    private final TransferGrants grants;
    private final TransferStore transfers;
    private final MacLedger macs;
    private final Participant participant;

    @Inject
    TransferEndpoint(
            PeerServer server,
            Pool pool,
            TransferGrants grants,
            TransferStore transfers,
            MacLedger macs,
            Participant participant) {
        this.server = server;
        this.pool = pool;
        this.grants = grants;
        this.transfers = transfers;
        this.macs = macs;
        this.participant = participant;
    }

    void mount(@Observes StartupEvent event) {
        var router = server.router();
        var body = BodyHandler.create(false);
        router.get(PATH + "/:account").handler(c -> answer(c, this::hello));
        router.post(PATH + "/:account/pass").handler(body).handler(c -> answer(c, (s, m) -> pass(s, m, c)));
        router.post(PATH + "/:account/digests").handler(body).handler(c -> answer(c, this::digestAll));
        router.get(PATH + "/:account/records/:class").handler(c -> answer(c, (s, m) -> recordsAfter(s, m, c)));
        router.post(PATH + "/:account/records/:class")
                .handler(body)
                .handler(c -> answer(c, (s, m) -> recordsOf(s, m, c)));
        router.post(PATH + "/:account/changes").handler(body).handler(c -> answer(c, (s, m) -> changes(s, m, c)));
        router.get(PATH + "/:account/objects/:class").handler(this::object);
    }

    private void answer(RoutingContext context, BiFunction<SqlConnection, Open, Uni<?>> work) {
        var command = grants.granted(context, OPENING);
        pool.withTransaction(c -> grants.open(c, command).flatMap(move -> work.apply(c, move)))
                .subscribe()
                .with(
                        json -> context.response()
                                .putHeader("Content-Type", "application/json")
                                .end(Json.encodeToBuffer(json)),
                        failure -> Problems.write(context, failure));
    }

    private Uni<JsonObject> hello(SqlConnection connection, Open move) {
        return participant
                .counter(move.account(), move.row())
                .map(counter -> new JsonObject().put("macKey", move.macKey()).put("counter", counter));
    }

    /** Digests what is here, for a shadow that has most of it already and will not ask for every record. */
    private Uni<?> digestAll(SqlConnection connection, Open move) {
        return transfers
                .lock(connection, move.account())
                .flatMap(v -> macs.refreshAll(connection, move.account(), move.macKey()))
                .flatMap(v -> hello(connection, move));
    }

    /** Class → its next records, for a whole pass over them in one exchange; the counter is as it was before they were read. */
    private Uni<?> pass(SqlConnection connection, Open move, RoutingContext context) {
        var asked = asked(context, body -> body.asJsonObject().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> ((Number) e.getValue()).longValue())));
        return transfers
                .lock(connection, move.account())
                .flatMap(v -> hello(connection, move))
                .flatMap(hello -> Multi.createFrom()
                        .iterable(asked.entrySet())
                        .onItem()
                        .transformToUniAndConcatenate(
                                of -> recordsAfter(connection, move, recordClass(of.getKey()), of.getValue(), BATCH)
                                        .map(records -> Map.entry(of.getKey(), records)))
                        .collect()
                        .in(JsonObject::new, (json, e) -> json.put(e.getKey(), e.getValue()))
                        .map(records -> hello.put("records", records)));
    }

    private Uni<?> recordsAfter(SqlConnection connection, Open move, RoutingContext context) {
        var recordClass = recordClass(context);
        var after = number(context, "after");
        var limit = (int) Math.min(MAX_LIMIT, number(context, "limit"));
        return transfers
                .lock(connection, move.account())
                .flatMap(v -> recordsAfter(connection, move, recordClass, after, limit));
    }

    private Uni<JsonArray> recordsAfter(
            SqlConnection connection, Open move, RecordClass recordClass, long after, int limit) {
        return recordClass
                .after(connection, move.account(), after, limit)
                .flatMap(records -> digested(connection, move, recordClass, records));
    }

    private Uni<?> recordsOf(SqlConnection connection, Open move, RoutingContext context) {
        var recordClass = recordClass(context);
        var keys = asked(
                context,
                body -> body.asJsonArray().stream().map(String.class::cast).toList());
        return transfers
                .lock(connection, move.account())
                .flatMap(v -> recordClass.byKeys(connection, move.account(), keys))
                .flatMap(records -> digested(connection, move, recordClass, records));
    }

    private Uni<JsonArray> digested(
            SqlConnection connection, Open move, RecordClass recordClass, List<DataRecord> records) {
        return macs.put(connection, move.account(), move.macKey(), recordClass.name(), records)
                .map(v -> new JsonArray(records.stream().map(DataRecord::toJson).toList()));
    }

    /** Class → {@link Changes}, by the MACs as the seal left them. */
    private Uni<?> changes(SqlConnection connection, Open move, RoutingContext context) {
        var asked = asked(context, body -> body.asJsonObject().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> Changes.Held.of((JsonObject) e.getValue()))));
        return Multi.createFrom()
                .iterable(asked.entrySet())
                .onItem()
                .transformToUniAndConcatenate(of -> changes(connection, move, recordClass(of.getKey()), of.getValue())
                        .map(changes -> Map.entry(of.getKey(), changes.toJson())))
                .collect()
                .in(JsonObject::new, (json, e) -> json.put(e.getKey(), e.getValue()));
    }

    private Uni<Changes> changes(SqlConnection connection, Open move, RecordClass recordClass, Changes.Held held) {
        var account = move.account();
        var name = recordClass.name();
        return recordClass.after(connection, account, held.after(), BATCH).flatMap(records -> macs.buckets(
                        connection, account, name)
                .map(held::differing)
                .flatMap(buckets -> macs.keys(connection, account, name, buckets)
                        .map(keys -> new Changes(records, buckets, keys))));
    }

    private void object(RoutingContext context) {
        var command = grants.granted(context, OPENING);
        var recordClass = recordClass(context);
        var key = context.queryParams().get("key");
        if (key == null) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "Give the parameter \"key\".");
        }
        context.request().pause();
        pool.withTransaction(c -> grants.open(c, command))
                .subscribe()
                .with(
                        move -> {
                            context.request().resume();
                            try {
                                recordClass.serveObject(context, move.account(), key);
                            } catch (RuntimeException e) {
                                Problems.write(context, e);
                            }
                        },
                        failure -> Problems.write(context, failure));
    }

    private RecordClass recordClass(RoutingContext context) {
        return recordClass(context.pathParam("class"));
    }

    private RecordClass recordClass(String name) {
        return participant.classes().stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no such class of data."));
    }

    /** @throws ProblemException INVALID_REQUEST, if the body is not what is expected */
    private static <T> T asked(RoutingContext context, Function<RequestBody, T> reading) {
        try {
            return reading.apply(context.body());
        } catch (DecodeException | ClassCastException | NullPointerException | NumberFormatException e) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "The body is not what a shadow asks: see the release of both regions.");
        }
    }

    private static long number(RoutingContext context, String parameter) {
        try {
            return Long.parseLong(context.queryParams().get(parameter));
        } catch (NumberFormatException e) {
            throw new ProblemException(ErrorCode.INVALID_REQUEST, "Give the number \"" + parameter + "\".");
        }
    }
}
