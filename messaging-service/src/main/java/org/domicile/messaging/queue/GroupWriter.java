package org.domicile.messaging.queue;

import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.instance.Instance;
import org.domicile.messaging.instance.WakeUps;
import org.domicile.messaging.queue.Group.Outcome;
import org.domicile.messaging.queue.GroupStore.Stored;
import org.domicile.messaging.receipt.ReceiptStatus;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.account.TimeOrderedId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FencedGroup;
import org.jboss.logging.Logger;

/**
 * Messages and acknowledgements of many accounts share transactions: while one is under way, what comes waits for the next. All of an
 * account go through one of a few lanes, so that this instance never waits for itself. What cannot be done like this is not refused
 * here: the caller does it in a transaction of its own, which waits, and knows the answer for whatever is wrong.
 */
@ApplicationScoped
public class GroupWriter {
    private static final Logger LOG = Logger.getLogger(GroupWriter.class);
    private static final int LARGEST = 128;

    private final Fence fence;
    private final GroupStore store;
    private final OnlineDevices online;
    private final Instance instance;
    private final WakeUps wakeUps;
    private final Clock clock;
    private final Vertx vertx;
    private final long deadlineMillis;
    private final List<Lane> lanes;

    @Inject
    public GroupWriter(
            Fence fence,
            GroupStore store,
            OnlineDevices online,
            Instance instance,
            WakeUps wakeUps,
            MessagingConfig config,
            Clock clock,
            Vertx vertx) {
        this.fence = fence;
        this.store = store;
        this.online = online;
        this.instance = instance;
        this.wakeUps = wakeUps;
        this.clock = clock;
        this.vertx = vertx;
        this.deadlineMillis = config.writeDeadline().toMillis();
        this.lanes = Stream.generate(Lane::new).limit(config.writers()).toList();
    }

    GroupWriter() {
        this.fence = null;
        this.store = null;
        this.online = null;
        this.instance = null;
        this.wakeUps = null;
        this.clock = null;
        this.vertx = null;
        this.deadlineMillis = 0;
        this.lanes = List.of();
    }

    /** @return when the message is durable, and offered to its device; false if it was not stored; fails with OUTCOME_UNKNOWN (504) */
    public Uni<Boolean> accept(Deposit deposit) {
        var expires = clock.instant().plus(deposit.ttl()).atOffset(ZoneOffset.UTC);
        return submit(
                deposit.endpoint().account(),
                done -> new GroupedWrite.Accept(TimeOrderedId.next(), deposit, expires, done));
    }

    /** @return when the messages are gone and their receipts settled; false if they are not */
    Uni<Boolean> taken(DeviceId device, Map<UUID, ReceiptStatus> ids) {
        return submit(device.accountId(), done -> new GroupedWrite.Take(device, ids, done));
    }

    /** A caller that goes away does not undo its write. */
    private Uni<Boolean> submit(AccountId account, Function<UniEmitter<? super Boolean>, GroupedWrite> write) {
        var context = vertx.getOrCreateContext();
        var lane = lanes.get(Math.floorMod(account.hashCode(), lanes.size()));
        return Uni.createFrom()
                .<Boolean>emitter(done -> lane.add(write.apply(done)))
                .emitOn(task -> context.runOnContext(v -> task.run()));
    }

    private Uni<Outcome> write(List<GroupedWrite> writes) {
        var group = new Group(writes);
        return fence.writeTogether(group.versions(), Feature.MESSAGING, fenced -> write(group, fenced))
                .invoke(outcome -> outcome.stored().forEach(this::offer))
                .invoke(group::done);
    }

    private Uni<Outcome> write(Group group, FencedGroup fenced) {
        return store.take(fenced.connection(), group.taken(fenced))
                .chain(() -> store.accept(fenced.connection(), group.waiting(fenced)))
                .call(stored -> wakeUps.waiting(fenced.connection(), heldElsewhere(stored)))
                .map(stored -> Outcome.of(fenced.passed(), stored));
    }

    private void offer(Stored stored) {
        if (stored.holder().filter(instance.id()::equals).isPresent()) {
            online.offer(stored.message(), stored.before());
        }
    }

    private List<DeviceId> heldElsewhere(List<Stored> stored) {
        return stored.stream()
                .filter(each ->
                        each.holder().filter(id -> !id.equals(instance.id())).isPresent())
                .map(each -> each.message().device())
                .distinct()
                .toList();
    }

    private static ProblemException unanswered() {
        return new ProblemException(
                ErrorCode.OUTCOME_UNKNOWN, "The database has not answered in time: the message may have been taken.");
    }

    /** One transaction at a time. One that is not answered in time is waited for no longer; if it is committed after all, its messages are offered. */
    private final class Lane {
        private final Queue<GroupedWrite> waiting = new ArrayDeque<>();
        private boolean busy;

        void add(GroupedWrite write) {
            synchronized (this) {
                waiting.add(write);
                if (busy) {
                    return;
                }
                busy = true;
            }
            // not that of a request, which would be kept as long as others follow
            VertxContext.getRootContext(vertx.getOrCreateContext()).runOnContext(v -> next());
        }

        private void next() {
            var writes = take();
            if (writes.isEmpty()) {
                return;
            }
            var deadline = vertx.setTimer(deadlineMillis, id -> {
                LOG.warnf("shared transaction not answered in time count=%d", writes.size());
                try {
                    fail(writes, unanswered());
                } finally {
                    next();
                }
            });
            Uni.createFrom()
                    .deferred(() -> write(writes))
                    .onFailure()
                    .invoke(failure -> fail(writes, failure))
                    .subscribe()
                    .with(done -> goOn(deadline), failure -> goOn(deadline));
        }

        /** Unless the next went on without waiting. */
        private void goOn(long deadline) {
            if (vertx.cancelTimer(deadline)) {
                next();
            }
        }

        private synchronized List<GroupedWrite> take() {
            var writes = new ArrayList<GroupedWrite>();
            while (writes.size() < LARGEST && !waiting.isEmpty()) {
                writes.add(waiting.poll());
            }
            busy = !writes.isEmpty();
            return writes;
        }

        private static void fail(List<GroupedWrite> writes, Throwable failure) {
            writes.forEach(write -> write.done().fail(failure));
        }
    }
}
