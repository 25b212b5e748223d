package org.domicile.migration.erasure;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.domicile.migration.ack.Acks;
import org.domicile.migration.command.CommandOffice;
import org.domicile.migration.command.Order;
import org.domicile.migration.command.SigningKey;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryState;
import org.domicile.migration.directory.DirectoryStore;
import org.domicile.migration.move.Move;
import org.domicile.migration.move.MoveJournal;
import org.domicile.migration.move.MoveRules;
import org.domicile.migration.move.MoveState;
import org.domicile.migration.move.MoveStore;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.erasure.ErasureEntry;
import org.domicile.platform.erasure.ErasureEntry.State;
import org.domicile.platform.event.Topics;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.outbox.Outbox;
import org.domicile.platform.outbox.OutboxEvent;
import org.domicile.platform.region.Region;
import org.domicile.platform.region.Regions;
import org.jboss.logging.Logger;

/**
 * {@code Erase} and {@code EraseDone} of AccountMove.tla (rule 13): a compare-and-set to ERASING at a new epoch, from every state and
 * only by the region that holds the baton. Before cut-over it ends the move, in the soak it ends the soak. PURGE goes to every
 * participant of every region; the account is erased once each has looked and found nothing. Each step is one transaction with its
 * entry on the erasure list.
 */
@ApplicationScoped
public class ErasureCoordinator {
    private static final Logger LOG = Logger.getLogger(ErasureCoordinator.class);

    private final Regions regions;
    private final DirectoryStore directory;
    private final ErasureStore erasures;
    private final MoveStore moves;
    private final MoveJournal journal;
    private final MoveRules rules;
    private final CommandOffice office;
    private final SigningKey key;
    private final Outbox outbox;
    private final Clock clock;

    @Inject
    public ErasureCoordinator(
            Regions regions,
            DirectoryStore directory,
            ErasureStore erasures,
            MoveStore moves,
            MoveJournal journal,
            MoveRules rules,
            CommandOffice office,
            SigningKey key,
            Outbox outbox,
            Clock clock) {
        this.regions = regions;
        this.directory = directory;
        this.erasures = erasures;
        this.moves = moves;
        this.journal = journal;
        this.rules = rules;
        this.office = office;
        this.key = key;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** What the account's home asks for; said again until it is done. */
    public record Wish(AccountId account, UUID erasureId, Instant requestedAt, Instant deadline) {}

    /** Erases if this region is home and does not erase yet; else nothing: whoever is home later is asked again. */
    public Uni<List<Move>> erase(SqlConnection connection, Wish wish) {
        return directory.lock(connection, wish.account()).flatMap(found -> found.filter(this::mayErase)
                .map(row -> unlessHeld(connection, row, wish))
                .orElseGet(() -> found.filter(row -> row.state() == DirectoryState.ERASING)
                        .map(row -> orderAgain(connection, row))
                        .orElseGet(() -> Uni.createFrom().voidItem())
                        .replaceWith(List.of())));
    }

    /** What the participants said of an erasure may have been lost with a database that was restored; its epoch is a new one since. */
    private Uni<Void> orderAgain(SqlConnection connection, DirectoryRow erasing) {
        return office.hasOrdered(connection, erasing.account(), erasing.epoch())
                .flatMap(ordered -> ordered ? Uni.createFrom().voidItem() : purge(connection, erasing));
    }

    /** {@code EraseDone}, if every participant of every region has said so. */
    public Uni<Void> advance(SqlConnection connection, DirectoryRow row, Acks known) {
        var done = regions.all().stream()
                .allMatch(region -> known.allEmpty(rules.participants(), region.id(), row.epoch()));
        return done ? finish(connection, row) : Uni.createFrom().voidItem();
    }

    private boolean mayErase(DirectoryRow row) {
        return regions.isSelf(row.home())
                && row.state() != DirectoryState.ERASING
                && row.state() != DirectoryState.AWAY;
    }

    /** A legal hold delays it: the account's home is told, tells the owner, and asks again. */
    private Uni<List<Move>> unlessHeld(SqlConnection connection, DirectoryRow row, Wish wish) {
        return moves.unsettled(connection, wish.account())
                .flatMap(move -> move.filter(m -> m.state() == MoveState.HELD).isPresent()
                        ? delayed(connection, wish).replaceWith(List.of())
                        : begin(connection, row, wish));
    }

    private Uni<Void> delayed(SqlConnection connection, Wish wish) {
        LOG.infof("erasure delayed account=%s", wish.account());
        var data = new JsonObject()
                .put("accountId", wish.account().toString())
                .put("erasureId", wish.erasureId().toString())
                .put("at", clock.instant().toString());
        return outbox.add(
                connection, new OutboxEvent(Topics.MIGRATION_EVENTS, wish.account(), Topics.ERASURE_DELAYED, data));
    }

    private Uni<List<Move>> begin(SqlConnection connection, DirectoryRow row, Wish wish) {
        var erasing = row.erase();
        var entry = new ErasureEntry(
                ErasureEntry.key(wish.account()),
                wish.erasureId(),
                State.ORDERED,
                row.home(),
                erasing.epoch(),
                wish.requestedAt(),
                wish.deadline(),
                clock.instant());
        LOG.infof("erasing account=%s epoch=%d from=%s", wish.account(), erasing.epoch(), row.state());
        return directory
                .compareAndSet(connection, row, erasing)
                .chain(() -> erasures.put(connection, entry))
                .chain(() -> list(connection, entry))
                .chain(() -> purge(connection, erasing))
                .chain(() -> moves.unsettled(connection, wish.account()))
                .flatMap(move -> end(connection, move, erasing));
    }

    private Uni<Void> purge(SqlConnection connection, DirectoryRow erasing) {
        var chain = Uni.createFrom().voidItem();
        for (Region region : regions.all()) {
            var orders = Order.toAll(rules.participants(), FenceOperation.PURGE, region.id(), erasing.epoch());
            var peer = regions.isSelf(region.id()) ? erasing.home() : region.id();
            chain = chain.chain(() -> office.send(connection, erasing, peer, erasing.shadowEpoch(), orders));
        }
        return chain;
    }

    private Uni<List<Move>> end(SqlConnection connection, Optional<Move> move, DirectoryRow erasing) {
        if (move.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        var ended = (move.get().state().ended()
                        ? move.get()
                        : move.get().to(MoveState.ERASING, "the account is being erased", null))
                .settle();
        return moves.update(connection, ended)
                .chain(() -> journal.entered(connection, ended, erasing.epoch()))
                .replaceWith(List.of(ended));
    }

    private Uni<Void> finish(SqlConnection connection, DirectoryRow row) {
        return erasures.find(connection, row.account()).flatMap(found -> {
            var ordered = found.orElseThrow();
            var erased = new ErasureEntry(
                    ordered.account(),
                    ordered.erasureId(),
                    State.ERASED,
                    ordered.region(),
                    ordered.epoch(),
                    ordered.requestedAt(),
                    ordered.deadline(),
                    clock.instant());
            LOG.infof("erased account=%s epoch=%d", row.account(), row.epoch());
            return erasures.put(connection, erased)
                    .chain(() -> list(connection, erased))
                    .chain(() -> outbox.add(connection, OutboxEvent.deleted(Topics.RESIDENCY_DIRECTORY, row.account())))
                    .chain(() -> erasures.forget(connection, row.account()));
        });
    }

    private Uni<Void> list(SqlConnection connection, ErasureEntry entry) {
        return outbox.add(
                connection,
                new OutboxEvent(
                        Topics.ERASURE_LIST,
                        entry.account(),
                        Topics.ERASURE_V1,
                        new JsonObject().put("jws", key.sign(entry.toJson()))));
    }
}
