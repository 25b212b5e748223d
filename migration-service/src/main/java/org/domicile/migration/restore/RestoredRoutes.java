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
import java.util.Optional;
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
 * that it was given since, and told which accounts came here ({@code took}, account → epoch), which of its own have a copy here for a
 * move that has not cut over ({@code copies}), and the {@code highest} epoch that is known here. The batons of a page of accounts are
 * brought with each answer; {@code next}, if there is one, is asked for as {@code after}, and all it brings is batons. The first page is
 * behind {@link #FIRST}: a question without {@code after} is of the release before, and is told all at once, and only which accounts are here
 * still.
 */
@ApplicationScoped
class RestoredRoutes {
    static final String PATH = "/peer/v1/restored";

    private static final Logger LOG = Logger.getLogger(RestoredRoutes.class);
    private static final long MAX_BODY_BYTES = 1 << 10;
    private static final int PAGE = 100;
    /** Behind which the first page begins. */
    static final AccountId FIRST = new AccountId(new UUID(0, 0));

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
                    LOG.warnf("another region was restored region=%s", by.region());
                    return tell(by.region(), question(context));
                })
                .subscribe()
                .with(answer -> context.json(answer), failure -> Problems.write(context, failure));
    }

    /** @param after the last account of the page before; empty if the region's release knows no pages */
    private record Question(Instant since, Optional<AccountId> after) {
        private boolean isFirst() {
            return after.orElse(FIRST).equals(FIRST);
        }

        private int limit() {
            return after.isPresent() ? PAGE : Integer.MAX_VALUE;
        }
    }

    private static Question question(RoutingContext context) {
        try {
            var body = context.body().asJsonObject();
            return new Question(
                    Instant.parse(body.getString("since")),
                    Optional.ofNullable(body.getString("after")).map(AccountId::parse));
        } catch (DateTimeParseException
                | NullPointerException
                | IllegalArgumentException
                | ClassCastException
                | DecodeException e) {
            throw new ProblemException(
                    ErrorCode.INVALID_REQUEST, "Name in \"since\" the instant that the restored data end at.");
        }
    }

    private Uni<JsonObject> tell(String region, Question question) {
        return store.gaveTo(region, question.since(), question.after().orElse(FIRST), question.limit())
                .flatMap(given ->
                        bringAgain(given).map(last -> given.size() < question.limit() ? new JsonObject() : next(last)))
                .flatMap(answer -> question.isFirst()
                        ? known(region, question).map(known -> answer.put("took", known.took())
                                .put("copies", ids(known.copies()))
                                .put("highest", known.highest()))
                        : Uni.createFrom().item(answer));
    }

    /** Of accounts that have gone on, or back, a release that knows no pages would lose what it knows. */
    private Uni<RestoredStore.Answer> known(String region, Question question) {
        return store.answer(region, question.since(), question.after().isPresent());
    }

    private static JsonObject next(Optional<AccountId> last) {
        return new JsonObject().put("next", last.orElseThrow().toString());
    }

    private static JsonArray ids(List<AccountId> accounts) {
        return new JsonArray(accounts.stream().map(AccountId::toString).toList());
    }

    /** @return the last account */
    private Uni<Optional<AccountId>> bringAgain(List<UUID> given) {
        return Multi.createFrom()
                .iterable(given)
                .onItem()
                .transformToUniAndConcatenate(id -> moves.find(id)
                        .map(Optional::orElseThrow)
                        .call(this::bringAgain)
                        .map(Move::account))
                .collect()
                .last()
                .map(Optional::ofNullable);
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
