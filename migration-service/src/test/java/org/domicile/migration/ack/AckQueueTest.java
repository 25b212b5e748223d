package org.domicile.migration.ack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck;
import org.domicile.platform.fence.FenceMode;
import org.junit.jupiter.api.Test;

class AckQueueTest {
    private record Taken(List<FenceAck> acks, CompletableFuture<Void> done) {}

    private final AccountId account = AccountId.create();
    private final List<Taken> taken = new ArrayList<>();
    private final AckQueue queue = new AckQueue((account, acks) -> {
        var one = new Taken(acks, new CompletableFuture<>());
        taken.add(one);
        return Uni.createFrom().completionStage(one.done());
    });

    @Test
    void what_comes_meanwhile_is_taken_together() {
        var first = add("account");
        var second = add("backup");
        var third = add("messaging");
        assertEquals(List.of(1), sizes());

        taken.getFirst().done().complete(null);

        assertTrue(first.isDone());
        assertFalse(second.isDone());
        assertEquals(List.of(1, 2), sizes());
        taken.getLast().done().complete(null);
        assertTrue(second.isDone() && third.isDone());
    }

    @Test
    void accounts_do_not_wait_for_each_other() {
        add("account");

        queue.add(ack(AccountId.create(), "account")).subscribeAsCompletionStage();

        assertEquals(List.of(1, 1), sizes());
    }

    @Test
    void a_failure_is_told_to_those_it_concerns_and_holds_nobody_up() {
        var first = add("account");
        var second = add("backup");

        taken.getFirst().done().completeExceptionally(new IllegalStateException("away"));

        assertThrows(CompletionException.class, first::join);
        taken.getLast().done().complete(null);
        second.join();
        add("messaging");
        assertEquals(List.of(1, 1, 1), sizes());
    }

    private CompletableFuture<Void> add(String service) {
        return queue.add(ack(account, service)).subscribeAsCompletionStage();
    }

    private List<Integer> sizes() {
        return taken.stream().map(t -> t.acks().size()).toList();
    }

    private static FenceAck ack(AccountId account, String service) {
        return new FenceAck(
                account, service, "cn-north", 3, FenceMode.FROZEN, true, Instant.EPOCH, null, null, null, null);
    }
}
