package org.domicile.migration.restore;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.ack.Acks;
import org.domicile.migration.command.CommandOffice;
import org.domicile.migration.command.Order;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveCoordinator;
import org.domicile.migration.move.MoveRules;
import org.domicile.migration.move.MoveStore;
import org.domicile.migration.restore.RestoredStore.Answer;
import org.domicile.migration.restore.RestoredStore.Leftover;
import org.domicile.migration.restore.RestoredStore.Unasked;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.Regions;
import org.jboss.logging.Logger;

/**
 * Asks each region, until it has answered, what a restored directory cannot know: the accounts that came from there bring their batons
 * again, and those that went there have left. Once all have answered, moves that rest are given up, copies that forgotten moves have left
 * are purged, and services here that they have fenced go on.
 */
@ApplicationScoped
class RestoredPeers {
    private static final Logger LOG = Logger.getLogger(RestoredPeers.class);
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final long TIMEOUT_MILLIS = 60_000;
    private static final int PAGE = 500;

    private final Vertx vertx;
    private final Regions regions;
    private final PeerClient peers;
    private final RestoredStore store;
    private final DirectoryStore directory;
    private final MoveStore moves;
    private final AckStore acks;
    private final MoveRules rules;
    private final CommandOffice office;
    private final MoveCoordinator coordinator;
    private final Look look;
    private final Look.Finding waiting;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean stopped;

    @Inject
    RestoredPeers(
            Vertx vertx,
            Regions regions,
            PeerClient peers,
            RestoredStore store,
            DirectoryStore directory,
            MoveStore moves,
            AckStore acks,
            MoveRules rules,
            CommandOffice office,
            MoveCoordinator coordinator,
            Looks looks) {
        this.vertx = vertx;
        this.regions = regions;
        this.peers = peers;
        this.store = store;
        this.directory = directory;
        this.moves = moves;
        this.acks = acks;
        this.rules = rules;
        this.office = office;
        this.coordinator = coordinator;
        this.look = looks.of("restored regions", TICK);
        this.waiting = look.finding(
                "domicile.restored.regions.unasked", null, "Regions that have not said what happened since the backup");
    }

    void start(@Observes StartupEvent event) {
        tick();
        vertx.setPeriodic(TICK.toMillis(), id -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void tick() {
        if (stopped || !busy.compareAndSet(false, true)) {
            return;
        }
        store.unasked()
                .invoke(unsettled -> found(unsettled.size()))
                .map(regions ->
                        regions.stream().filter(region -> !region.heard()).toList())
                .flatMap(this::askAll)
                .chain(this::settle)
                .subscribe()
                .with(done -> busy.set(false), failure -> {
                    busy.set(false);
                    LOG.warnf("regions not asked, will try again reason=%s", failure.toString());
                });
    }

    private void found(int regions) {
        waiting.set(regions);
        look.succeeded();
    }

    private Uni<Void> askAll(List<Unasked> unasked) {
        return each(unasked, region -> Uni.createFrom()
                .deferred(() -> ask(region))
                .onFailure()
                .invoke(f -> LOG.warnf("region not asked region=%s reason=%s", region.region(), f.toString()))
                .onFailure()
                .recoverWithNull());
    }

    /** One that is no longer on the region list has nothing to say. */
    private Uni<Void> ask(Unasked region) {
        if (regions.find(region.region()).isEmpty()) {
            return store.answered(region);
        }
        return post(region, new JsonObject().put("after", RestoredRoutes.FIRST.toString()))
                .flatMap(answer -> store.heard(region, read(answer)).chain(() -> otherBatons(region, answer)))
                .chain(() -> store.answered(region))
                .invoke(() -> LOG.warnf("region asked after the restore region=%s", region.region()));
    }

    /** Before all have answered, nobody is thawed here: the account may be at home in any of them. */
    private Uni<Void> settle() {
        return store.unasked()
                .flatMap(regions -> regions.isEmpty() || !regions.stream().allMatch(Unasked::heard)
                        ? Uni.createFrom().voidItem()
                        : each(regions, this::resting).chain(store::allAnswered))
                .chain(() -> store.leftovers(PAGE))
                .flatMap(leftovers -> each(leftovers, this::dealWith));
    }

    private Uni<JsonObject> post(Unasked region, JsonObject question) {
        var request = peers.request(HttpMethod.POST, region.region(), "migration", RestoredRoutes.PATH)
                .setTimeout(TIMEOUT_MILLIS);
        return peers.ask(
                        request,
                        question.put("since", region.since().toString()).toBuffer())
                .invoke(PeerClient::accepted)
                .map(answer -> answer.body().toJsonObject());
    }

    /** A page is brought with each answer. */
    private Uni<Void> otherBatons(Unasked region, JsonObject answer) {
        var next = answer.getString("next");
        return next == null
                ? Uni.createFrom().voidItem()
                : post(region, new JsonObject().put("after", next)).flatMap(page -> otherBatons(region, page));
    }

    private static Answer read(JsonObject answer) {
        var copies = answer.getJsonArray("copies").stream()
                .map(id -> AccountId.parse((String) id))
                .toList();
        return new Answer(answer.getJsonObject("took"), copies, answer.getLong("highest", 0L));
    }

    /** Moves whose target has not taken the account are given up. */
    private Uni<Void> resting(Unasked region) {
        return store.restingTo(region.region())
                .flatMap(ids -> each(ids, id -> moves.find(id).flatMap(move -> giveUp(region, move.orElseThrow()))));
    }

    private Uni<Void> giveUp(Unasked region, Move move) {
        return coordinator.transaction(c -> store.stands(c, region)
                .flatMap(stands -> stands
                        ? directory.lock(c, move.account()).flatMap(row -> giveUp(c, row.orElseThrow(), move.id()))
                        : nothing()));
    }

    /** Another instance may have done it meanwhile. */
    private Uni<List<Move>> giveUp(SqlConnection connection, DirectoryRow row, UUID id) {
        return moves.unsettled(connection, row.account()).flatMap(found -> found.filter(
                        move -> move.id().equals(id) && move.state().mayAbort() && move.restsIn(row))
                .map(move -> acks.of(connection, move.account()).flatMap(known -> abort(connection, move, row, known)))
                .orElseGet(RestoredPeers::nothing));
    }

    private Uni<List<Move>> abort(SqlConnection connection, Move move, DirectoryRow row, Acks known) {
        var step = rules.abort(move, row, "the database was restored");
        return coordinator.commit(connection, move, row, step, known).replaceWith(List.of(step.move()));
    }

    private Uni<Void> dealWith(Leftover leftover) {
        return coordinator.transaction(c -> directory
                .lock(c, leftover.account())
                .flatMap(row -> moves.unsettled(c, leftover.account())
                        .flatMap(move -> row.filter(home -> regions.isSelf(home.home()))
                                .map(home -> dealWith(c, leftover, home, move))
                                .orElseGet(() -> Uni.createFrom().item(false))))
                .flatMap(done ->
                        done ? store.dealtWith(c, leftover) : Uni.createFrom().voidItem())
                .replaceWith(List.of()));
    }

    /** @return whether it is done; else the account is being moved elsewhere */
    private Uni<Boolean> dealWith(SqlConnection connection, Leftover leftover, DirectoryRow row, Optional<Move> move) {
        var itsMove = move.filter(m -> List.of(m.source(), m.target()).contains(leftover.region()));
        return switch (row.state()) {
            case IDLE -> atRest(connection, leftover, row).replaceWith(true);
            case SOAK -> soaking(connection, leftover, row, move.orElseThrow()).replaceWith(true);
            // purges everywhere
            case ERASING -> Uni.createFrom().item(true);
            // a move with that region ends with a purge there or here, and thaws the home
            case COPYING, FENCING, SEALED, VERIFIED, PURGING, AWAY ->
                Uni.createFrom().item(itsMove.isPresent() && !regions.isSelf(leftover.region()));
        };
    }

    /** Ordered at the row's epoch, at which nothing was ordered there, or the same; and the home goes on, which the move may have fenced. */
    private Uni<Void> atRest(SqlConnection connection, Leftover leftover, DirectoryRow row) {
        var orders = regions.isSelf(leftover.region())
                ? rules.become(row)
                : rules.purgeOrders(leftover.region(), row.home(), row.epoch());
        return office.repeat(connection, row, leftover.region(), 0, orders);
    }

    /** The copy of the old home stays. */
    private Uni<Void> soaking(SqlConnection connection, Leftover leftover, DirectoryRow row, Move move) {
        var other = regions.isSelf(move.source()) ? move.target() : move.source();
        var stays = List.of(other, row.home()).contains(leftover.region());
        var purge = Order.toAll(rules.participants(), FenceOperation.PURGE, leftover.region(), row.epoch());
        return office.repeat(connection, row, other, move.shadowEpoch(), rules.become(row))
                .chain(() -> stays
                        ? Uni.createFrom().voidItem()
                        : office.repeat(connection, row, leftover.region(), 0, purge));
    }

    private static Uni<List<Move>> nothing() {
        return Uni.createFrom().item(List.of());
    }

    private static <T> Uni<Void> each(List<T> items, Function<T, Uni<Void>> work) {
        return Multi.createFrom()
                .iterable(items)
                .onItem()
                .transformToUniAndConcatenate(item -> work.apply(item).replaceWith(item))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
