package org.domicile.migration.move;

import static org.domicile.migration.directory.DirectoryState.AWAY;
import static org.domicile.migration.directory.DirectoryState.COPYING;
import static org.domicile.migration.directory.DirectoryState.FENCING;
import static org.domicile.migration.directory.DirectoryState.IDLE;
import static org.domicile.migration.directory.DirectoryState.PURGING;
import static org.domicile.migration.directory.DirectoryState.SEALED;
import static org.domicile.migration.directory.DirectoryState.SOAK;
import static org.domicile.migration.directory.DirectoryState.VERIFIED;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.domicile.migration.ack.Acks;
import org.domicile.migration.command.Order;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;

/**
 * Decides what follows: {@code state + acks + time → next state + orders}, as in AccountMove.tla, whose action names the
 * methods carry. It sees one region's own row and what it was told; it changes nothing. Asked again with the same facts it
 * gives the same answer, so a coordinator that crashed just asks again.
 *
 * @param participants the services that hold data of an account
 */
public record MoveRules(SortedSet<String> participants, Limits limits) {
    /**
     * @param preflight how long the source's participants may take to confirm that they own the account
     * @param fence how long writes may be stopped before the move is aborted
     * @param soak how long the old home keeps its copy after the new one owns the account
     */
    public record Limits(Duration preflight, Duration fence, Duration soak) {}

    public Optional<Step> next(Move move, DirectoryRow row, Acks acks, Instant now) {
        if (move.settled() || move.restsIn(row)) {
            return Optional.empty();
        }
        return switch (move.state()) {
            case PLANNED -> Optional.of(Step.of(move.to(MoveState.PREFLIGHT, null, now.plus(limits.preflight())), row));
            case PREFLIGHT -> preflight(move, row, acks, now);
            case COPYING ->
                endCopying(move, row, acks).or(() -> pause(move, row, acks)).or(() -> catchUp(move, row, acks));
            case CATCHING_UP ->
                endCopying(move, row, acks).or(() -> pause(move, row, acks)).or(() -> ready(move, row, acks));
            case READY -> Optional.of(fence(move, row, now));
            case PAUSED -> endCopying(move, row, acks).or(() -> goOn(move, row, acks));
            case FENCING -> seal(move, row, acks).or(() -> giveUp(move, row, acks, now));
            case SEALED -> verify(move, row, acks).or(() -> giveUp(move, row, acks, now));
            case VERIFIED -> Optional.of(cutOver(move, row));
            case CUT_OVER -> soak(move, row, acks);
            case SOAK -> endSoak(move, row, acks, now);
            case CHECKING -> hold(move, acks, row).or(() -> purge(move, row, acks));
            case PURGING -> done(move, row, acks);
            case ABORTED, QUARANTINED -> settle(move, row, acks);
            case ATTESTED, ERASING, HELD, ROLLING_BACK, ROLLED_BACK -> Optional.empty();
        };
    }

    /** @throws IllegalStateException if the move can no longer be aborted, see {@link MoveState#mayAbort()} */
    public Step abort(Move move, DirectoryRow row, String reason) {
        return abort(move, row, MoveState.ABORTED, reason);
    }

    /**
     * What was ordered for the state that the move is in, of participants that have said nothing of it. It may be ordered again: an
     * order of an epoch that is known already is answered, and changes nothing. A fence is not, as its deadline ends it.
     */
    public List<Order> unanswered(Move move, DirectoryRow row, Acks acks) {
        return move.settled() || !move.id().equals(row.moveId())
                ? List.of()
                : standing(move, row, acks).stream()
                        .filter(order -> !acks.any(order.region(), order.service(), order.epoch()))
                        .toList();
    }

    private List<Order> standing(Move move, DirectoryRow row, Acks acks) {
        return switch (move.state()) {
            case COPYING, CATCHING_UP, PAUSED ->
                orders(
                        move.rollsBack() ? FenceOperation.FEED : FenceOperation.SHADOW,
                        move.target(),
                        move.shadowEpoch());
            case CUT_OVER -> row.state() == AWAY ? List.of() : become(row);
            case CHECKING -> checkOrders(move, acks, row.epoch());
            case PURGING -> purgeOrders(move.source(), move.target(), row.epoch());
            case ABORTED, QUARANTINED ->
                row.state() == PURGING
                        ? purgeOrders(move.target(), move.source(), row.epoch())
                        : rollbackOrders(move, row.epoch());
            case PLANNED,
                    PREFLIGHT,
                    READY,
                    FENCING,
                    SEALED,
                    VERIFIED,
                    SOAK,
                    ATTESTED,
                    HELD,
                    ROLLING_BACK,
                    ROLLED_BACK,
                    ERASING -> List.of();
        };
    }

    /** What the new home orders by accepting a baton ({@code Become}). */
    public List<Order> become(DirectoryRow row) {
        return orders(FenceOperation.ACTIVATE, row.home(), row.epoch());
    }

    private Optional<Step> preflight(Move move, DirectoryRow row, Acks acks, Instant now) {
        var missing = participants.stream()
                .filter(service -> !acks.owns(move.source(), service))
                .collect(Collectors.joining(", "));
        if (missing.isEmpty() && move.rollsBack()) {
            return Optional.of(rollback(move, row));
        }
        if (missing.isEmpty()) {
            var started = row.raise(COPYING, row.epoch() + 1, move.id());
            return Optional.of(Step.of(
                    move.to(MoveState.COPYING, null, null).copyingAt(started.epoch()),
                    started,
                    orders(FenceOperation.SHADOW, move.target(), started.epoch())));
        }
        return move.overdue(now)
                ? Optional.of(abort(move, row, "preflight: " + missing + " did not confirm to own the account"))
                : Optional.empty();
    }

    /** {@code Feed}: a shadow that has been fed has perhaps not looked for a while; one that was only kept is fed from now on. */
    private Step rollback(Move move, DirectoryRow row) {
        var fed = feed(row);
        return Step.of(
                move.to(MoveState.COPYING, null, null).copyingAt(fed.epoch()),
                fed,
                orders(FenceOperation.FEED, move.target(), fed.epoch()));
    }

    private static DirectoryRow feed(DirectoryRow row) {
        return row.raise(SOAK, row.epoch() + 1, row.moveId());
    }

    private Optional<Step> pause(Move move, DirectoryRow row, Acks acks) {
        return acks.trouble(participants, move.target(), FenceMode.SHADOW, move.shadowEpoch())
                .map(trouble -> Step.of(move.to(MoveState.PAUSED, trouble, null), row));
    }

    /** A shadow that the verifier found to be another copy, and that could not be mended; or one that was purged, and is not filled again. */
    private Optional<Step> endCopying(Move move, DirectoryRow row, Acks acks) {
        return acks.contradiction(participants, move.target(), FenceMode.SHADOW, move.shadowEpoch())
                .map(found -> abort(move, row, MoveState.QUARANTINED, "the copy differs: " + found))
                .or(() -> when(
                        participants.stream()
                                .anyMatch(s -> acks.at(move.target(), s, FenceMode.NONE, move.shadowEpoch())
                                        .isPresent()),
                        () -> abort(move, row, "the old home has been purged")));
    }

    private Optional<Step> goOn(Move move, DirectoryRow row, Acks acks) {
        return acks.trouble(participants, move.target(), FenceMode.SHADOW, move.shadowEpoch())
                        .isPresent()
                ? Optional.empty()
                : Optional.of(Step.of(move.to(MoveState.COPYING, null, null), row));
    }

    private Optional<Step> catchUp(Move move, DirectoryRow row, Acks acks) {
        return when(
                acks.every(
                        participants,
                        move.target(),
                        FenceMode.SHADOW,
                        move.shadowEpoch(),
                        a -> a.done() || a.progress() != null),
                () -> Step.of(move.to(MoveState.CATCHING_UP, null, null), row));
    }

    private Optional<Step> ready(Move move, DirectoryRow row, Acks acks) {
        return when(
                acks.allDone(participants, move.target(), FenceMode.SHADOW, move.shadowEpoch()),
                () -> Step.of(move.to(MoveState.READY, null, null), row));
    }

    private Step fence(Move move, DirectoryRow row, Instant now) {
        var fenced = row.raise(FENCING, row.shadowEpoch(), move.id());
        return Step.of(
                move.to(MoveState.FENCING, null, now.plus(limits.fence())).fencedAt(fenced.epoch()),
                fenced,
                orders(FenceOperation.FREEZE, move.source(), fenced.epoch()));
    }

    private Optional<Step> seal(Move move, DirectoryRow row, Acks acks) {
        var sealed = acks.every(
                participants, move.source(), FenceMode.FROZEN, row.epoch(), a -> a.done() && a.manifest() != null);
        return when(
                sealed,
                () -> Step.of(
                        move.to(MoveState.SEALED, null, move.deadline()),
                        row.enter(SEALED),
                        new SealedManifests(acks, move.source(), row.epoch())
                                .closeOrders(participants, move.target())));
    }

    private Optional<Step> verify(Move move, DirectoryRow row, Acks acks) {
        var closed = acks.every(
                participants, move.target(), FenceMode.CLOSED, row.epoch(), a -> a.done() && a.manifest() != null);
        var manifests = new SealedManifests(acks, move.source(), row.epoch());
        if (!closed || !manifests.projectionsReached(participants, move.target())) {
            return Optional.empty();
        }
        var differing = manifests.differing(participants, move.target());
        return Optional.of(
                differing.isEmpty()
                        ? Step.of(move.to(MoveState.VERIFIED, null, move.deadline()), row.enter(VERIFIED))
                        : abort(move, row, MoveState.QUARANTINED, "digests differ: " + String.join(", ", differing)));
    }

    private Step cutOver(Move move, DirectoryRow row) {
        var away = row.handTo(move.target());
        return new Step(
                move.to(MoveState.CUT_OVER, null, null).cutOverAt(away.epoch()),
                away,
                orders(FenceOperation.KEEP, move.source(), away.epoch()),
                true,
                move.rollsBack() ? MoveState.ROLLED_BACK : null);
    }

    private Optional<Step> soak(Move move, DirectoryRow row, Acks acks) {
        if (row.state() == AWAY || !acks.allDone(participants, move.target(), FenceMode.OWN, move.homeEpoch())) {
            return Optional.empty();
        }
        var last = participants.stream()
                .flatMap(s -> acks.at(move.target(), s, FenceMode.OWN, move.homeEpoch()).stream())
                .map(FenceAck::at)
                .max(Instant::compareTo)
                .orElseThrow();
        var soaking = move.to(MoveState.SOAK, null, last.plus(limits.soak()));
        if (!move.fed() || isGone(move, acks)) {
            return Optional.of(Step.of(soaking, row));
        }
        var fed = feed(row);
        return Optional.of(Step.of(soaking, fed, orders(FenceOperation.FEED, move.source(), fed.epoch())));
    }

    private Optional<Step> endSoak(Move move, DirectoryRow row, Acks acks, Instant now) {
        if (!move.overdue(now) || !acks.allOwn(participants, move.target())) {
            return Optional.empty();
        }
        // one that is fed goes on being fed, so that the way back stays open; one that is kept is only compared
        var checked = feed(row);
        return Optional.of(
                Step.of(move.to(MoveState.CHECKING, null, null), checked, checkOrders(move, acks, checked.epoch())));
    }

    private List<Order> checkOrders(Move move, Acks acks, long epoch) {
        if (isGone(move, acks)) {
            return List.of();
        }
        return move.fed()
                ? orders(FenceOperation.FEED, move.source(), epoch)
                : new SealedManifests(acks, move.source(), move.fenceEpoch()).keepOrders(participants, epoch);
    }

    /** The old home's copy has something that the new home lost, or has otherwise. */
    private Optional<Step> hold(Move move, Acks acks, DirectoryRow row) {
        return acks.contradiction(participants, move.source(), FenceMode.SHADOW, row.epoch())
                .map(found ->
                        Step.of(move.to(MoveState.HELD, "not purged, as the copies differ: " + found, null), row));
    }

    private Optional<Step> purge(Move move, DirectoryRow row, Acks acks) {
        var compared = participants.stream()
                .allMatch(service -> acks.purged(move.source(), service)
                        || acks.allDone(List.of(service), move.source(), FenceMode.SHADOW, row.epoch()));
        if (!compared) {
            return Optional.empty();
        }
        var purging = row.raise(PURGING, row.shadowEpoch(), move.id());
        return Optional.of(Step.of(
                move.to(MoveState.PURGING, null, null).purgedAt(purging.epoch()),
                purging,
                purgeOrders(move.source(), move.target(), purging.epoch())));
    }

    /** One end is purged; the home goes on, and destroys the key and the digests that copying needed. */
    public List<Order> purgeOrders(String purged, String home, long epoch) {
        var orders = new ArrayList<>(orders(FenceOperation.ACTIVATE, home, epoch));
        orders.addAll(orders(FenceOperation.PURGE, purged, epoch));
        return orders;
    }

    /** The old home was purged before this region's database was restored and forgot it: it is not filled again. */
    private boolean isGone(Move move, Acks acks) {
        return participants.stream().allMatch(service -> acks.purged(move.source(), service));
    }

    private Optional<Step> done(Move move, DirectoryRow row, Acks acks) {
        return when(
                acks.allOwn(participants, move.target()) && acks.allEmpty(participants, move.source(), row.epoch()),
                () -> Step.of(move.to(MoveState.ATTESTED, null, null).settle(), row.enter(IDLE)));
    }

    private Optional<Step> settle(Move move, DirectoryRow row, Acks acks) {
        if (move.rollsBack()) {
            return when(
                    acks.allDone(participants, move.source(), FenceMode.OWN, row.epoch()),
                    () -> Step.of(move.settle(), row.forMove(move.rollbackOf())).undoing(MoveState.SOAK));
        }
        return when(
                row.state() == PURGING
                        && acks.allDone(participants, move.source(), FenceMode.OWN, row.epoch())
                        && acks.allEmpty(participants, move.target(), row.epoch()),
                () -> Step.of(move.settle(), row.enter(IDLE)));
    }

    /** A fence past its deadline, or a participant that cannot go on under it, ends the move: writes come first. */
    private Optional<Step> giveUp(Move move, DirectoryRow row, Acks acks, Instant now) {
        var trouble = acks.trouble(participants, move.source(), FenceMode.FROZEN, row.epoch())
                .or(() -> acks.trouble(participants, move.target(), FenceMode.CLOSED, row.epoch()));
        if (trouble.isPresent()) {
            return trouble.map(why -> abort(move, row, why));
        }
        return when(
                move.overdue(now),
                () -> abort(
                        move,
                        row,
                        "the fence was past its deadline of " + limits.fence().toMillis() + " ms in " + move.state()
                                + ", waiting for " + awaited(move, row, acks)));
    }

    private String awaited(Move move, DirectoryRow row, Acks acks) {
        var source = move.state() == MoveState.FENCING;
        var region = source ? move.source() : move.target();
        var mode = source ? FenceMode.FROZEN : FenceMode.CLOSED;
        return participants.stream()
                .filter(s -> acks.at(region, s, mode, row.epoch())
                        .filter(FenceAck::done)
                        .isEmpty())
                .collect(Collectors.joining(", ", "", " in " + region));
    }

    private Step abort(Move move, DirectoryRow row, MoveState end, String reason) {
        var ended = move.to(end, reason, null);
        if (move.rollsBack()) {
            return abortRollback(ended, row);
        }
        if (row.state() == IDLE) {
            return Step.of(ended.settle(), row.forMove(null));
        }
        var purging = row.raise(PURGING, row.shadowEpoch(), move.id());
        return Step.of(
                ended.purgedAt(purging.epoch()), purging, purgeOrders(move.target(), move.source(), purging.epoch()));
    }

    /** Back to SOAK; the old home keeps its copy, under a new shadow epoch, and is fed again if the law lets it. */
    private Step abortRollback(Move ended, DirectoryRow row) {
        var neverFed = ended.shadowEpoch() == 0;
        if (row.state() == SOAK && (ended.fed() || neverFed)) {
            return Step.of(ended.settle(), row.forMove(ended.rollbackOf())).undoing(MoveState.SOAK);
        }
        var back = row.raise(SOAK, row.epoch() + 1, ended.id());
        return row.state() == SOAK
                ? Step.of(ended.settle(), back.forMove(ended.rollbackOf()), shadowOrders(ended, back.epoch()))
                        .undoing(MoveState.SOAK)
                : Step.of(ended.purgedAt(back.epoch()), back, rollbackOrders(ended, back.epoch()));
    }

    private List<Order> rollbackOrders(Move rollback, long epoch) {
        var orders = new ArrayList<>(shadowOrders(rollback, epoch));
        orders.addAll(orders(FenceOperation.ACTIVATE, rollback.source(), epoch));
        return orders;
    }

    private List<Order> shadowOrders(Move rollback, long epoch) {
        return orders(rollback.fed() ? FenceOperation.FEED : FenceOperation.KEEP, rollback.target(), epoch);
    }

    private List<Order> orders(FenceOperation operation, String region, long epoch) {
        return Order.toAll(participants, operation, region, epoch);
    }

    private static Optional<Step> when(boolean condition, java.util.function.Supplier<Step> step) {
        return condition ? Optional.of(step.get()) : Optional.empty();
    }
}
