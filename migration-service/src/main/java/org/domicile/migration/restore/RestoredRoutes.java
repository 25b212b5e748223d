package org.domicile.migration.restore;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.baton.BatonMaker;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveCoordinator;
import org.domicile.migration.move.MoveStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.Regions;
import org.jboss.logging.Logger;

/**
 * {@code POST /peer/v1/restored} {@code {"since": "<instant>"}}: another region's database was restored. It is brought the batons again
 * that it was given since, and told which accounts came here ({@code took}, account → epoch) and which of its own have a copy here for a
 * move that has not cut over ({@code copies}).
 */
@ApplicationScoped
class RestoredRoutes {
    static final String PATH = "/peer/v1/restored";

    private static final Logger LOG = Logger.getLogger(RestoredRoutes.class);
    private static final long MAX_BODY_BYTES = 1 << 10;

    private final Regions regions;
    private final RestoredStore store;
    private final DirectoryStore directory;
    private final MoveStore moves;
    private final AckStore acks;
    private final BatonMaker batons;
    private final MoveCoordinator coordinator;

    @Inject
    RestoredRoutes(
            Regions regions,
            RestoredStore store,
            DirectoryStore directory,
            MoveStore moves,
            AckStore acks,
            BatonMaker batons,
            MoveCoordinator coordinator) {
        this.regions = regions;
        this.store = store;
        this.directory = directory;
        this.moves = moves;
        this.acks = acks;
        this.batons = batons;
        this.coordinator = coordinator;
    }

    void mount(@Observes StartupEvent event, PeerServer server) {
        server.router()
                .post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::handle);
    }

    private void handle(RoutingContext context) {
        Uni.createFrom()
                .deferred(() -> {
                    var by = PeerIdentity.of(context);
                    if (!by.service().equals("migration") || regions.isSelf(by.region())) {
                        throw new ProblemException(
                                ErrorCode.FORBIDDEN, "Only another region's migration-service may call this.");
                    }
                    return tell(by.region(), since(context));
                })
                .subscribe()
                .with(answer -> context.json(answer), failure -> Problems.write(context, failure));
    }

    private static Instant since(RoutingContext context) {
        try {
            return Instant.parse(context.body().asJsonObject().getString("since"));
        } catch (DateTimeParseException | NullPointerException | ClassCastException | DecodeException e) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "Name in \"since\" the instant that the restored data end at.");
        }
    }

    private Uni<JsonObject> tell(String region, Instant since) {
        return store.gaveTo(region, since)
                .call(given -> bringAgain(given))
                .invoke(given -> LOG.warnf("another region was restored region=%s count=%d", region, given.size()))
                .chain(() -> Uni.combine()
                        .all()
                        .unis(store.tookFrom(region, since), store.copiesFor(region))
                        .with((took, copies) -> new JsonObject()
                                .put("took", new JsonObject(Map.copyOf(took)))
                                .put("copies", ids(copies))));
    }

    private static JsonArray ids(List<AccountId> accounts) {
        return new JsonArray(accounts.stream().map(AccountId::toString).toList());
    }

    private Uni<Void> bringAgain(List<UUID> given) {
        return Multi.createFrom()
                .iterable(given)
                .onItem()
                .transformToUniAndConcatenate(id -> moves.find(id)
                        .flatMap(move -> bringAgain(move.orElseThrow()))
                        .replaceWith(id))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Unless the account has come back meanwhile. */
    private Uni<Void> bringAgain(Move move) {
        return coordinator.transaction(connection -> directory
                .lock(connection, move.account())
                .flatMap(row -> row.filter(away -> away.home().equals(move.target()))
                        .map(away -> acks.of(connection, move.account())
                                .flatMap(known -> batons.handOver(connection, move, away, known)))
                        .orElseGet(() -> Uni.createFrom().voidItem()))
                .replaceWith(List.of()));
    }
}
