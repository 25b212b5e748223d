package org.domicile.platform.fence;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.domicile.platform.account.AccountId;

/** One look after a while for all that wait for an account: many who wait must not slow its move down. */
final class SharedLooks<T> {
    private final Duration pause;
    private final Function<AccountId, Uni<T>> look;
    private final ConcurrentMap<AccountId, Uni<T>> underWay = new ConcurrentHashMap<>();

    SharedLooks(Duration pause, Function<AccountId, Uni<T>> look) {
        this.pause = pause;
        this.look = look;
    }

    Uni<T> next(AccountId account) {
        return underWay.computeIfAbsent(account, a -> Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(pause)
                .invoke(() -> underWay.remove(a))
                .flatMap(paused -> look.apply(a))
                .memoize()
                .indefinitely());
    }
}
