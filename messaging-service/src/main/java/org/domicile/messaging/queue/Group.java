package org.domicile.messaging.queue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.domicile.messaging.queue.GroupStore.Stored;
import org.domicile.messaging.queue.GroupStore.Taken;
import org.domicile.messaging.queue.GroupStore.Waiting;
import org.domicile.messaging.queue.GroupedWrite.Accept;
import org.domicile.messaging.queue.GroupedWrite.Take;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FencedGroup;

/**
 * The writes of one shared transaction. Each message gets a version of its own, in the order of arrival: it is its place in the queue. What an
 * account's devices have taken shares the version before these.
 */
final class Group {
    private final List<Accept> accepts = new ArrayList<>();
    private final List<Take> takes = new ArrayList<>();
    private final SortedMap<AccountId, Integer> versions = new TreeMap<>();
    private final Set<AccountId> withTakes = new HashSet<>();

    Group(List<GroupedWrite> writes) {
        for (var write : writes) {
            switch (write) {
                case Accept accept -> {
                    accepts.add(accept);
                    versions.merge(accept.account(), 1, Integer::sum);
                }
                case Take take -> {
                    takes.add(take);
                    if (withTakes.add(take.account())) {
                        versions.merge(take.account(), 1, Integer::sum);
                    }
                }
            }
        }
    }

    /** How many versions each account needs. */
    SortedMap<AccountId, Integer> versions() {
        return versions;
    }

    /** What was taken from accounts that have passed the fence. */
    List<Taken> taken(FencedGroup group) {
        var all = new ArrayList<Taken>();
        for (var take : takes) {
            if (group.passed().containsKey(take.account())) {
                var version = first(group, take.account());
                take.ids().forEach((id, receipt) -> all.add(new Taken(take.device(), id, receipt, version)));
            }
        }
        return all;
    }

    /** The messages to accounts that have passed the fence and whose owners have switched messaging on. */
    List<Waiting> waiting(FencedGroup group) {
        var next = new HashMap<AccountId, Long>();
        var all = new ArrayList<Waiting>();
        for (var accept : accepts) {
            var account = accept.account();
            var passed = group.passed().get(account);
            if (passed != null && passed.consented()) {
                var version = next.computeIfAbsent(account, a -> first(group, a) + (withTakes.contains(a) ? 1 : 0));
                next.put(account, version + 1);
                all.add(new Waiting(accept.id(), accept.deposit(), accept.expires(), version));
            }
        }
        return all;
    }

    /** After the commit. */
    void done(Outcome outcome) {
        var stored = new HashSet<UUID>();
        outcome.stored().forEach(each -> stored.add(each.message().id()));
        takes.forEach(take -> take.done().complete(outcome.passed().contains(take.account())));
        accepts.forEach(accept -> accept.done().complete(stored.contains(accept.id())));
    }

    private long first(FencedGroup group, AccountId account) {
        return group.passed().get(account).version() - versions.get(account) + 1;
    }

    /** What a transaction has done. */
    record Outcome(Set<AccountId> passed, List<Stored> stored) {
        static Outcome of(Map<AccountId, ?> passed, List<Stored> stored) {
            return new Outcome(passed.keySet(), stored);
        }
    }
}
