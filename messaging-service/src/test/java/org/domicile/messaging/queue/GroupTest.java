package org.domicile.messaging.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.domicile.messaging.queue.Group.Outcome;
import org.domicile.messaging.queue.GroupStore.Taken;
import org.domicile.messaging.queue.GroupStore.Waiting;
import org.domicile.messaging.queue.GroupedWrite.Accept;
import org.domicile.messaging.queue.GroupedWrite.Take;
import org.domicile.messaging.receipt.ReceiptStatus;
import org.domicile.messaging.subscription.Capability;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.fence.FencedGroup;
import org.domicile.platform.fence.FencedGroup.Passed;
import org.junit.jupiter.api.Test;

class GroupTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final OffsetDateTime EXPIRES = OffsetDateTime.parse("2026-01-01T00:00:00Z");

    private final AccountId one = AccountId.create();
    private final AccountId other = AccountId.create();
    private final List<GroupedWrite> writes = new ArrayList<>();

    @Test
    void each_message_has_a_version_of_its_own_in_the_order_of_arrival_after_what_was_taken() {
        accept(one);
        take(one);
        accept(other);
        accept(one);
        take(one);
        var group = new Group(writes);
        assertEquals(Map.of(one, 3, other, 1), group.versions());
        var fenced = new FencedGroup(null, Map.of(one, new Passed(12, true), other, new Passed(7, true)));
        assertEquals(
                List.of(10L, 10L),
                group.taken(fenced).stream().map(Taken::version).toList());
        assertEquals(
                List.of(11L, 7L, 12L),
                group.waiting(fenced).stream().map(Waiting::version).toList());
    }

    @Test
    void an_account_that_has_not_passed_or_whose_owner_has_not_consented_stores_nothing() {
        accept(one);
        accept(other);
        take(one);
        var group = new Group(writes);
        var fenced = new FencedGroup(null, Map.of(one, new Passed(2, false)));
        assertEquals(List.of(), group.waiting(fenced));
        assertEquals(1, group.taken(fenced).size(), "what was taken may go without consent");
    }

    @Test
    void each_is_told_what_became_of_it() {
        var refused = accept(one);
        var taken = take(one);
        var left = take(other);
        new Group(writes).done(new Outcome(Set.of(one), List.of()));
        assertFalse(refused.join());
        assertTrue(taken.join());
        assertFalse(left.join());
    }

    private CompletableFuture<Boolean> accept(AccountId account) {
        var deposit = new Deposit(
                Capability.create(account, RANDOM),
                Optional.empty(),
                Capability.create(account, RANDOM),
                Duration.ofMinutes(1),
                Urgency.NORMAL,
                new byte[0]);
        return add(done -> new Accept(UUID.randomUUID(), deposit, EXPIRES, done));
    }

    private CompletableFuture<Boolean> take(AccountId account) {
        var device = DeviceId.create(account, RANDOM);
        return add(done -> new Take(device, Map.of(UUID.randomUUID(), ReceiptStatus.TAKEN), done));
    }

    private CompletableFuture<Boolean> add(Function<UniEmitter<? super Boolean>, GroupedWrite> write) {
        return Uni.createFrom()
                .<Boolean>emitter(done -> writes.add(write.apply(done)))
                .subscribeAsCompletionStage();
    }
}
