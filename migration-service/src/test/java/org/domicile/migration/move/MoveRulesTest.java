package org.domicile.migration.move;

import static org.domicile.migration.move.World.LIMITS;
import static org.domicile.migration.move.World.S;
import static org.domicile.migration.move.World.SERVICES;
import static org.domicile.migration.move.World.T;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.domicile.migration.ack.Acks;
import org.domicile.migration.command.Order;
import org.domicile.migration.directory.DirectoryRow;
import org.domicile.migration.directory.DirectoryState;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.ClassDigest;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceMode;
import org.domicile.platform.fence.FenceOperation;
import org.domicile.platform.fence.Manifest;
import org.domicile.platform.verify.Verification;
import org.junit.jupiter.api.Test;

class MoveRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
    private final MoveRules rules = new MoveRules(SERVICES, LIMITS);
    private final AccountId account = AccountId.create();
    private Move move = Move.planned(UUID.randomUUID(), account, S, T, "test", NOW);
    private DirectoryRow row = DirectoryRow.opened(account, S, "SG");
    private Acks acks = new Acks(List.of());

    @Test
    void preflight_names_the_participant_that_does_not_answer() {
        hear(S, FenceMode.OWN, 1, "a", "account", "messaging");
        run(NOW);
        assertEquals(MoveState.PREFLIGHT, move.state());

        run(NOW.plus(LIMITS.preflight()));

        assertEquals(MoveState.ABORTED, move.state());
        assertTrue(move.settled());
        assertTrue(move.reason().contains("backup"), move.reason());
        assertEquals(DirectoryState.IDLE, row.state());
    }

    @Test
    void a_shadow_in_trouble_pauses_the_move_until_the_trouble_is_over() {
        copying();
        hear(trouble(T, "backup", FenceMode.SHADOW, 2, "the object store is full"));
        run(NOW);
        assertEquals(MoveState.PAUSED, move.state());
        assertEquals("backup in ap-southeast: the object store is full", move.reason());

        hear(ack(T, "backup", FenceMode.SHADOW, 2, false, "a"));
        run(NOW);

        assertEquals(MoveState.COPYING, move.state());
    }

    @Test
    void sealing_waits_for_every_participant_at_this_epoch() {
        fencing();
        hear(S, FenceMode.FROZEN, 3, "a", "account", "backup");
        hear(S, FenceMode.FROZEN, 2, "a", "messaging");

        assertEquals(List.of(), run(NOW));

        assertEquals(MoveState.FENCING, move.state());
    }

    @Test
    void closing_carries_the_sealed_manifest_and_the_ledger_versions_to_reach() {
        fencing();
        hear(S, FenceMode.FROZEN, 3, "a", "account", "backup", "messaging");

        var orders = run(NOW);

        assertEquals(MoveState.SEALED, move.state());
        assertEquals(3, orders.size());
        for (var order : orders) {
            assertEquals(FenceOperation.CLOSE, order.operation());
            assertEquals(3, order.epoch());
            assertEquals(manifest("a"), order.manifest());
            assertEquals(order.service().equals("account") ? null : Map.of("consent", 7L), order.projections());
        }
    }

    @Test
    void a_shadow_that_was_not_told_is_closed_by_the_order_alone() {
        fencing();
        hear(S, FenceMode.FROZEN, 3, "a", "account", "messaging");
        var frozen = ack(S, "backup", FenceMode.FROZEN, 3, true, "a");
        hear(new FenceAck(
                account, "backup", S, 3, FenceMode.FROZEN, true, NOW, frozen.manifest(), null, null, null, null, true));

        var orders = run(NOW);

        assertEquals(
                List.of("backup"),
                orders.stream().filter(Order::awaited).map(Order::service).toList());
    }

    @Test
    void differing_digests_quarantine_and_thaw_the_source() {
        sealed();
        hear(T, FenceMode.CLOSED, 3, "a", "account", "messaging");
        hear(T, FenceMode.CLOSED, 3, "b", "backup");

        var orders = run(NOW);

        assertEquals(MoveState.QUARANTINED, move.state());
        assertEquals("digests differ: backup/blobs", move.reason());
        assertEquals(DirectoryState.PURGING, row.state());
        assertEquals(thawAndPurge(4), orders);
    }

    @Test
    void cut_over_follows_equal_digests_and_makes_the_target_home() {
        sealed();
        hear(T, FenceMode.CLOSED, 3, "a", "account", "backup", "messaging");

        var orders = run(NOW);

        assertEquals(MoveState.CUT_OVER, move.state());
        assertEquals(T, row.home());
        assertEquals(4, row.epoch());
        assertEquals(Order.toAll(SERVICES, FenceOperation.KEEP, S, 4), orders);
    }

    @Test
    void a_lagging_projection_holds_the_cut_over_back() {
        sealed();
        hear(T, FenceMode.CLOSED, 3, "a", "account", "messaging");
        var lagging = new Manifest(5, manifest("a").classes(), new TreeMap<>(Map.of("consent", 6L)));
        hear(new FenceAck(account, "backup", T, 3, FenceMode.CLOSED, true, NOW, lagging, null, null, null));

        run(NOW);

        assertEquals(MoveState.SEALED, move.state());
    }

    @Test
    void a_projection_that_has_come_nearer_lets_the_cut_over_go_on() {
        a_lagging_projection_holds_the_cut_over_back();
        hear(new FenceAck(account, "backup", T, 3, FenceMode.CLOSED, true, NOW, manifest("b"), null, null, null));
        run(NOW);
        assertEquals(MoveState.SEALED, move.state(), "what was closed with other content is not heard");

        hear(T, FenceMode.CLOSED, 3, "a", "backup");
        run(NOW);

        assertEquals(MoveState.CUT_OVER, move.state());
    }

    @Test
    void a_fence_past_its_deadline_thaws_the_source_and_says_who_was_late() {
        fencing();
        hear(S, FenceMode.FROZEN, 3, "a", "account", "messaging");

        var orders = run(NOW.plus(LIMITS.fence()));

        assertEquals(MoveState.ABORTED, move.state());
        assertTrue(move.reason().endsWith("in FENCING, waiting for backup in cn-north"), move.reason());
        assertEquals(thawAndPurge(4), orders);
        assertFalse(move.settled());
    }

    @Test
    void an_aborted_move_is_settled_when_both_regions_have_said_so() {
        fencing();
        run(NOW.plus(LIMITS.fence()));
        hear(S, FenceMode.OWN, 4, "a", "account", "backup", "messaging");
        run(NOW);
        assertFalse(move.settled());

        SERVICES.forEach(s -> hear(empty(s, 4, 0)));
        run(NOW);

        assertTrue(move.settled());
        assertEquals(DirectoryState.IDLE, row.state());
    }

    @Test
    void a_purge_that_left_something_is_not_attested() {
        var settled = new Move(
                move.id(), account, T, S, MoveState.PURGING, null, 2, 3, 4, 5, null, false, "test", NOW, false, null);
        row = new DirectoryRow(account, S, 5, DirectoryState.PURGING, 4, "SG", move.id());
        move = settled;
        hear(S, FenceMode.OWN, 4, "a", "account", "backup", "messaging");
        List.of("account", "backup").forEach(s -> hear(empty(s, 5, 0)));
        hear(empty("messaging", 5, 1));
        run(NOW);
        assertEquals(MoveState.PURGING, move.state());

        hear(empty("messaging", 5, 0));
        run(NOW);

        assertEquals(MoveState.ATTESTED, move.state());
    }

    @Test
    void a_copy_that_the_verifier_contradicts_is_never_ready() {
        copying();
        hear(T, FenceMode.SHADOW, 2, "a", "account", "messaging");
        hear(contradicted(T, 2, false));

        var orders = run(NOW);

        assertEquals(MoveState.QUARANTINED, move.state());
        assertEquals("the copy differs: backup in ap-southeast: 2 of backups, such as [\"b1\"]", move.reason());
        assertEquals(thawAndPurge(3), orders);
    }

    @Test
    void the_old_copy_is_compared_once_more_before_it_is_purged() {
        soaking(false);

        var orders = run(NOW.plus(LIMITS.soak()));

        assertEquals(MoveState.CHECKING, move.state());
        assertEquals(DirectoryState.SOAK, row.state());
        orders.forEach(order -> {
            assertEquals(FenceOperation.KEEP, order.operation());
            assertEquals(S, order.region());
            assertEquals(5, order.epoch());
            assertEquals(manifest("a"), order.manifest());
        });
        assertEquals(3, orders.size());
        hear(S, FenceMode.SHADOW, 5, "a", "account", "messaging");
        assertEquals(List.of(), run(NOW));
        assertEquals(MoveState.CHECKING, move.state(), "one has not said");
        hear(S, FenceMode.SHADOW, 5, "a", "backup");
        run(NOW);
        assertEquals(MoveState.PURGING, move.state());
        assertEquals(6, row.epoch());
    }

    @Test
    void a_copy_that_is_fed_is_fed_until_it_is_purged() {
        soaking(true);

        var orders = run(NOW.plus(LIMITS.soak()));

        assertEquals(Order.toAll(SERVICES, FenceOperation.FEED, S, 5), orders);
        assertEquals(5, row.shadowEpoch());
    }

    /** The database was restored, and has forgotten that some of them were purged. */
    @Test
    void a_participant_of_the_old_home_that_has_nothing_left_need_not_be_compared() {
        soaking(true);
        run(NOW.plus(LIMITS.soak()));
        hear(S, FenceMode.SHADOW, 5, "a", "account", "messaging");
        hear(empty(S, "backup", 5, 0));

        run(NOW);

        assertEquals(MoveState.PURGING, move.state());
    }

    @Test
    void a_rollback_to_a_home_that_was_purged_is_given_up() {
        soaking(true);
        var undone = move.id();
        move = new Move(
                UUID.randomUUID(),
                account,
                T,
                S,
                MoveState.COPYING,
                null,
                5,
                0,
                0,
                0,
                null,
                false,
                "test",
                NOW,
                true,
                undone);
        row = new DirectoryRow(account, T, 5, DirectoryState.SOAK, 5, "SG", move.id());
        hear(S, FenceMode.SHADOW, 5, "a", "account", "messaging");
        hear(empty(S, "backup", 5, 0));

        assertEquals(List.of(), run(NOW));

        assertEquals(MoveState.ABORTED, move.state());
        assertTrue(move.settled());
        assertEquals(undone, row.moveId());
    }

    @Test
    void a_purge_does_not_begin_while_the_copies_differ() {
        soaking(false);
        run(NOW.plus(LIMITS.soak()));
        hear(S, FenceMode.SHADOW, 5, "a", "account", "messaging");
        hear(contradicted(S, 5, true));

        assertEquals(List.of(), run(NOW));

        assertEquals(MoveState.HELD, move.state());
        assertTrue(
                move.reason().startsWith("not purged, as the copies differ: backup in cn-north: 2 of backups"),
                move.reason());
        assertEquals(DirectoryState.SOAK, row.state());
    }

    private FenceAck contradicted(String region, long epoch, boolean done) {
        var wrong = new Verification.Compared(
                7, 0, 0, 2, List.of(new Verification.Differing("[\"b1\"]", Verification.What.OTHERWISE)));
        return new FenceAck(
                account,
                "backup",
                region,
                epoch,
                FenceMode.SHADOW,
                done,
                NOW,
                null,
                null,
                null,
                null,
                new Verification(NOW, 9, new TreeMap<>(Map.of("backups", wrong))),
                null);
    }

    /** At the new home, where nothing but the end of the soak is outstanding. */
    private void soaking(boolean fed) {
        move = new Move(move.id(), account, S, T, MoveState.SOAK, null, 2, 3, 4, 0, NOW, false, "test", NOW, fed, null);
        row = new DirectoryRow(account, T, 4, DirectoryState.SOAK, 2, "SG", move.id());
        hear(S, FenceMode.FROZEN, 3, "a", "account", "backup", "messaging");
        hear(T, FenceMode.OWN, 4, "a", "account", "backup", "messaging");
    }

    private void copying() {
        hear(S, FenceMode.OWN, 1, "a", "account", "backup", "messaging");
        run(NOW);
        assertEquals(MoveState.COPYING, move.state());
        assertEquals(2, row.epoch());
    }

    private void fencing() {
        copying();
        hear(T, FenceMode.SHADOW, 2, "a", "account", "backup", "messaging");
        run(NOW);
        assertEquals(MoveState.FENCING, move.state());
        assertEquals(3, row.epoch());
    }

    private void sealed() {
        fencing();
        hear(S, FenceMode.FROZEN, 3, "a", "account", "backup", "messaging");
        run(NOW);
    }

    private List<Order> run(Instant now) {
        List<Order> last = List.of();
        for (var step = rules.next(move, row, acks, now); step.isPresent(); ) {
            move = step.get().move();
            row = step.get().directory();
            last = step.get().orders();
            step = rules.next(move, row, acks, now);
        }
        return last;
    }

    private void hear(String region, FenceMode mode, long epoch, String content, String... services) {
        for (var service : services) {
            hear(ack(region, service, mode, epoch, true, content));
        }
    }

    private void hear(FenceAck ack) {
        acks = acks.with(ack);
    }

    private FenceAck ack(String region, String service, FenceMode mode, long epoch, boolean done, String content) {
        return new FenceAck(account, service, region, epoch, mode, done, NOW, manifest(content), null, null, null);
    }

    private FenceAck trouble(String region, String service, FenceMode mode, long epoch, String trouble) {
        return new FenceAck(account, service, region, epoch, mode, false, NOW, null, null, null, trouble);
    }

    private FenceAck empty(String service, long epoch, long rows) {
        return empty(T, service, epoch, rows);
    }

    private FenceAck empty(String region, String service, long epoch, long rows) {
        return new FenceAck(
                account,
                service,
                region,
                epoch,
                FenceMode.NONE,
                true,
                NOW,
                null,
                null,
                new FenceAck.Left(rows, 0),
                null);
    }

    private List<Order> thawAndPurge(long epoch) {
        return Stream.concat(
                        Order.toAll(SERVICES, FenceOperation.ACTIVATE, S, epoch).stream(),
                        Order.toAll(SERVICES, FenceOperation.PURGE, T, epoch).stream())
                .toList();
    }

    private static Manifest manifest(String content) {
        return new Manifest(
                5, new TreeMap<>(Map.of("blobs", new ClassDigest(1, content))), new TreeMap<>(Map.of("consent", 7L)));
    }
}
