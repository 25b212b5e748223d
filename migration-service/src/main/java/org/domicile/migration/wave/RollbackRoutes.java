package org.domicile.migration.wave;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;
import org.domicile.migration.move.OrderedRollbacks;
import org.domicile.migration.move.RollbackAnswer;
import org.domicile.migration.move.RollbackOrder;
import org.domicile.migration.peer.WireFormat;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;

/**
 * {@code POST /peer/v1/rollbacks}: a region whose wave is rolled back asks for the accounts that came from it. Each is begun if it can
 * be; the answer says where each stands. To ask again is how to follow it.
 */
@ApplicationScoped
public class RollbackRoutes {
    static final String PATH = "/peer/v1/rollbacks";
    private static final long MAX_BODY_BYTES = 1 << 20;
    private static final int PARALLEL = 8;

    private final OrderedRollbacks rollbacks;
    private final WireFormat wire;

    @Inject
    public RollbackRoutes(OrderedRollbacks rollbacks, WireFormat wire) {
        this.rollbacks = rollbacks;
        this.wire = wire;
    }

    void mount(@Observes StartupEvent event, PeerServer server) {
        server.router()
                .post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::handle);
    }

    private void handle(RoutingContext context) {
        Uni.createFrom()
                .deferred(() -> answers(caller(context), context.body().asJsonArray()))
                .onFailure(f -> f instanceof IllegalArgumentException || f instanceof ClassCastException)
                .transform(f -> new ProblemException(ErrorCode.INVALID_REQUEST, String.valueOf(f.getMessage())))
                .subscribe()
                .with(
                        answers -> context.response()
                                .putHeader("Content-Type", "application/json")
                                .end(answers.toBuffer()),
                        failure -> Problems.write(context, failure));
    }

    private Uni<JsonArray> answers(String caller, JsonArray asked) {
        List<RollbackOrder> orders = IntStream.range(0, asked.size())
                .mapToObj(i -> wire.read(asked.getJsonObject(i), RollbackOrder.class))
                .toList();
        return Multi.createFrom()
                .iterable(orders)
                .onItem()
                .transformToUni(order -> rollbacks.answer(order, caller))
                .merge(PARALLEL)
                .collect()
                .asList()
                .map((List<RollbackAnswer> answers) ->
                        new JsonArray(answers.stream().map(wire::write).toList()));
    }

    private static String caller(RoutingContext context) {
        var identity = PeerIdentity.of(context);
        if (!identity.service().equals("migration")) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only another region's migration-service may call this.");
        }
        return identity.region();
    }
}
