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
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.migration.ack.AckStore;
import org.domicile.migration.ack.Acks;
import org.domicile.migration.command.CommandOffice;
import org.domicile.migration.command.Order;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryState;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveCoordinator;
import org.domicile.migration.move.MoveRules;
import org.domicile.migration.move.MoveStore;
import org.domicile.migration.restore.RestoredStore.Unasked;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.metrics.Look;
import org.domicile.platform.metrics.Looks;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.Regions;
import org.jboss.logging.Logger;

/**
 * Asks each region, until it has answered, what a restored directory cannot know: the accounts that came from there bring their batons
 * again, moves that rest are ended as it says, and copies that forgotten moves have left there are purged.
 */
@ApplicationScoped
class RestoredPeers {
    private static final Logger LOG = Logger.getLogger(RestoredPeers.class);
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final long TIMEOUT_MILLIS = 60_000;

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
                .invoke(unasked -> found(unasked.size()))
                .flatMap(this::askAll)
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
        return Multi.createFrom()
                .iterable(unasked)
                .onItem()
                .transformToUniAndConcatenate(region -> ask(region)
                        .onFailure()
                        .invoke(f -> LOG.warnf("region not asked region=%s reason=%s", region.region(), f.toString()))
                        .onFailure()
                        .recoverWithNull())
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> ask(Unasked region) {
        var request = peers.request(HttpMethod.POST, region.region(), "migration", RestoredRoutes.PATH)
                .setTimeout(TIMEOUT_MILLIS);
        var question = new JsonObject().put("since", region.since().toString());
        return peers.ask(request, question.toBuffer())
                .invoke(PeerClient::accepted)
                .map(answer -> answer.body().toJsonObject())
                .flatMap(answer -> store.left(region, answer.getJsonObject("took"))
                        .chain(() -> resting(region.region()))
                        .chain(() -> end(region.region(), copies(answer))))
                .chain(() -> store.asked(region))
                .invoke(() -> LOG.warnf("region asked after the restore region=%s", region.region()));
    }

    /** Moves whose target has not taken the account are given up. */
    private Uni<Void> resting(String region) {
        return store.restingTo(region).flatMap(ids -> Multi.createFrom()
                .iterable(ids)
                .onItem()
                .transformToUniAndConcatenate(id -> moves.find(id)
                        .flatMap(move -> giveUp(move.orElseThrow()))
                        .replaceWith(id))
                .collect()
                .last()
                .replaceWithVoid());
    }

    private Uni<Void> giveUp(Move move) {
        return coordinator.transaction(c -> directory.lock(c, move.account()).flatMap(row -> acks.of(c, move.account())
                .flatMap(known -> abort(c, move, row.orElseThrow(), known))));
    }

    private Uni<List<Move>> abort(SqlConnection connection, Move move, DirectoryRow row, Acks known) {
        var step = rules.abort(move, row, "the database was restored");
        return coordinator.commit(connection, move, row, step, known).replaceWith(List.of(step.move()));
    }

    private static List<AccountId> copies(JsonObject answer) {
        return answer.getJsonArray("copies").stream()
                .map(id -> AccountId.parse((String) id))
                .toList();
    }

    private Uni<Void> end(String region, List<AccountId> copies) {
        return Multi.createFrom()
                .iterable(copies)
                .onItem()
                .transformToUniAndConcatenate(account -> purge(region, account).replaceWith(account))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** May be ordered again at the same epoch, as long as the account rests. */
    private Uni<Void> purge(String region, AccountId account) {
        return coordinator.transaction(c -> directory
                .lock(c, account)
                .flatMap(row -> moves.unsettled(c, account)
                        .flatMap(move -> row.isPresent() && move.isEmpty() && isAtRest(row.get())
                                ? office.repeat(c, row.get(), region, 0, purgeOrders(region, row.get()))
                                : Uni.createFrom().voidItem()))
                .replaceWith(List.of()));
    }

    private List<Order> purgeOrders(String region, DirectoryRow row) {
        return rules.purgeOrders(region, row.home(), row.epoch());
    }

    private boolean isAtRest(DirectoryRow row) {
        return regions.isSelf(row.home()) && row.state() == DirectoryState.IDLE;
    }
}
