package org.domicile.migration.ack;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.fence.FenceAck;

/** Acks of one account are taken one after the other; those that wait are taken together. */
final class AckQueue {
    private final BiFunction<AccountId, List<FenceAck>, Uni<Void>> taker;
    private final Map<AccountId, Batch> waiting = new HashMap<>();
    private final Set<AccountId> busy = new HashSet<>();

    AckQueue(BiFunction<AccountId, List<FenceAck>, Uni<Void>> taker) {
        this.taker = taker;
    }

    private record Batch(List<FenceAck> acks, CompletableFuture<Void> done) {}

    /** @return ends when the ack is taken, fails if it could not be */
    Uni<Void> add(FenceAck ack) {
        return Uni.createFrom().deferred(() -> {
            var batch = joined(ack);
            begun(ack.accountId()).ifPresent(b -> take(ack.accountId(), b));
            return Uni.createFrom().completionStage(batch.done());
        });
    }

    private synchronized Batch joined(FenceAck ack) {
        var batch =
                waiting.computeIfAbsent(ack.accountId(), a -> new Batch(new ArrayList<>(), new CompletableFuture<>()));
        batch.acks().add(ack);
        return batch;
    }

    /** What waits, if nothing of the account is being taken. */
    private synchronized Optional<Batch> begun(AccountId account) {
        if (waiting.containsKey(account) && busy.add(account)) {
            return Optional.of(waiting.remove(account));
        }
        return Optional.empty();
    }

    private synchronized void rest(AccountId account) {
        busy.remove(account);
    }

    private void take(AccountId account, Batch batch) {
        taker.apply(account, List.copyOf(batch.acks()))
                .onTermination()
                .invoke(() -> {
                    rest(account);
                    begun(account).ifPresent(next -> take(account, next));
                })
                .subscribe()
                .with(batch.done()::complete, batch.done()::completeExceptionally);
    }
}
