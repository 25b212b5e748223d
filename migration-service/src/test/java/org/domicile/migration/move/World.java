package org.domicile.migration.move;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
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

/**
 * Two regions with participants as AccountMove.tla has them, around the real rules. Whatever was ever sent can be delivered
 * at any time, any number of times, in any order.
 */
final class World {
    static final String S = "cn-north";
    static final String T = "ap-southeast";
    static final SortedSet<String> SERVICES = new TreeSet<>(List.of("account", "backup", "messaging"));
    static final MoveRules.Limits LIMITS =
            new MoveRules.Limits(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(20));

    /** One service's database at one region. */
    private static final class Store {
        FenceMode mode = FenceMode.NONE;
        long epoch;
        long counter;
        TreeMap<String, Long> cells = new TreeMap<>();
    }

    final MoveRules rules = new MoveRules(SERVICES, LIMITS);
    final AccountId account = AccountId.create();
    final Map<String, Store> stores = new HashMap<>();
    final Map<String, TreeMap<String, Long>> acknowledged = new HashMap<>();
    final List<Order> orders = new ArrayList<>();
    final List<FenceAck> sent = new ArrayList<>();
    final Map<String, Acks> heard = new HashMap<>();
    final Map<String, DirectoryRow> rows = new HashMap<>();
    final Map<String, Move> moves = new HashMap<>();
    Move baton;
    Instant now = Instant.parse("2026-11-22T00:00:00Z");
    /** Whether the next order does not come to anybody. */
    BooleanSupplier losing = () -> false;

    World() {
        for (var service : SERVICES) {
            acknowledged.put(service, new TreeMap<>());
            stores.put(S + service, new Store());
            stores.put(T + service, new Store());
            var here = stores.get(S + service);
            here.mode = FenceMode.OWN;
            here.epoch = 1;
            report(S, service);
        }
        heard.put(S, new Acks(List.of()));
        heard.put(T, new Acks(List.of()));
        rows.put(S, DirectoryRow.opened(account, S, "SG"));
        moves.put(S, Move.planned(UUID.randomUUID(), account, S, T, "test", now));
    }

    /** A client writes wherever a fence row says OWN. */
    void write(String region, String service, String key) {
        var store = stores.get(region + service);
        if (store.mode == FenceMode.OWN) {
            store.cells.put(key, ++store.counter);
            acknowledged.get(service).put(key, store.counter);
        }
    }

    /** A shadow copies what lies at the other region now. */
    void copy(String service) {
        var from = stores.get(S + service);
        var to = stores.get(T + service);
        if (to.mode == FenceMode.SHADOW
                && from.mode != FenceMode.NONE
                && rows.get(S).shadowEpoch() == to.epoch) {
            to.cells.putAll(from.cells);
            report(T, service);
        }
    }

    void execute(Order order) {
        var store = stores.get(order.region() + order.service());
        if (order.epoch() > store.epoch) {
            store.epoch = order.epoch();
            store.mode = order.operation().result();
            switch (order.operation()) {
                case SHADOW, PURGE -> {
                    store.cells = new TreeMap<>();
                    store.counter = 0;
                }
                case CLOSE -> {
                    store.cells
                            .keySet()
                            .removeIf(k -> !order.manifest().classes().containsKey(k));
                    store.counter = order.manifest().counter();
                }
                case FREEZE, ACTIVATE, KEEP, FEED -> {}
            }
        }
        report(order.region(), order.service());
    }

    void deliver(FenceAck ack, String to) {
        heard.put(to, heard.get(to).with(ack));
        run(to);
    }

    void acceptBaton() {
        if (baton == null || (rows.containsKey(T) && rows.get(T).epoch() >= baton.homeEpoch())) {
            return;
        }
        var row = new DirectoryRow(account, S, 0, DirectoryState.AWAY, 0, null, null)
                .become(T, baton.homeEpoch(), "SG", baton.id());
        rows.put(T, row);
        moves.put(T, baton);
        order(rules.become(row));
        run(T);
    }

    void abort() {
        var move = moves.get(S);
        if (move.state().mayAbort()) {
            apply(S, rules.abort(move, rows.get(S), "asked to"));
        }
    }

    void run(String region) {
        while (moves.containsKey(region)) {
            var step = rules.next(moves.get(region), rows.get(region), heard.get(region), now);
            if (step.isEmpty()) {
                return;
            }
            apply(region, step.get());
        }
    }

    private void apply(String region, Step step) {
        moves.put(region, step.move());
        rows.put(region, step.directory());
        order(step.orders());
        if (step.handOver()) {
            baton = step.move();
        }
        check();
    }

    private void order(List<Order> given) {
        given.forEach(order -> {
            if (order.operation() == FenceOperation.FREEZE
                    || order.operation() == FenceOperation.CLOSE
                    || !losing.getAsBoolean()) {
                orders.add(order);
            }
        });
    }

    /** Whoever coordinates orders again what nobody has answered. */
    void repeat() {
        moves.forEach((region, move) -> rules.unanswered(move, rows.get(region), heard.get(region)).stream()
                .filter(order -> !orders.contains(order))
                .forEach(orders::add));
    }

    private void report(String region, String service) {
        var store = stores.get(region + service);
        var classes = new TreeMap<String, ClassDigest>();
        store.cells.forEach((key, version) -> classes.put(key, new ClassDigest(1, version.toString())));
        sent.add(new FenceAck(
                account,
                service,
                region,
                store.epoch,
                store.mode,
                store.mode != FenceMode.SHADOW || store.cells.equals(stores.get(S + service).cells),
                now,
                new Manifest(store.counter, classes, new TreeMap<>()),
                new FenceAck.Progress(store.cells.size(), 0, 0),
                new FenceAck.Left(0, 0),
                null));
    }

    void check() {
        var writers = new TreeSet<String>();
        for (var service : SERVICES) {
            for (var region : List.of(S, T)) {
                var store = stores.get(region + service);
                if (store.mode == FenceMode.OWN) {
                    writers.add(region);
                    assertEquals(acknowledged.get(service), store.cells, "an owner lacks acknowledged writes");
                }
            }
        }
        assertFalse(writers.size() > 1, "two regions take writes");
        var seen = new HashMap<String, Order>();
        for (var order : orders) {
            var other = seen.putIfAbsent(order.region() + order.service() + order.epoch(), order);
            assertEquals(other == null ? order : other, order, "two commands of one epoch for one participant");
        }
    }

    /** Delivers everything, again and again, until the move has ended and both regions have confirmed it. */
    void settle() {
        for (int round = 0; round < 60 && !settled(); round++) {
            now = now.plusSeconds(2);
            repeat();
            List.copyOf(orders).forEach(this::execute);
            SERVICES.forEach(this::copy);
            acceptBaton();
            for (var ack : List.copyOf(sent)) {
                deliver(ack, S);
                deliver(ack, T);
            }
            check();
        }
    }

    boolean settled() {
        return moves.values().stream().anyMatch(Move::settled);
    }

    FenceMode mode(String region, String service) {
        return stores.get(region + service).mode;
    }
}
