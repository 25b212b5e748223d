package org.domicile.platform.event;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What another service or region published a moment ago may not have arrived here yet, and stock clients do not ask again: it is looked
 * for again every 100 ms before its absence is believed. No more than {@value #AT_A_TIME} wait at a time; the next are told what is
 * known, so that made-up ids cost no more than so many small queries.
 */
public final class LateNews {
    static final int AT_A_TIME = 500;
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final Semaphore WAITING = new Semaphore(AT_A_TIME);

    private LateNews() {}

    /**
     * @param look for what may come
     * @param arrived whether this is it
     * @param looks at most
     * @return what the last look found; on the context that this was called on, however long it took
     */
    public static <T> Uni<T> expect(Supplier<Uni<T>> look, Predicate<T> arrived, int looks) {
        return Uni.createFrom()
                .deferred(look::get)
                .flatMap(found -> arrived.test(found) || !WAITING.tryAcquire()
                        ? Uni.createFrom().item(found)
                        : CallerContext.back(again(look, arrived, looks - 1, found)
                                .onTermination()
                                .invoke(WAITING::release)));
    }

    private static <T> Uni<T> again(Supplier<Uni<T>> look, Predicate<T> arrived, int looks, T last) {
        return looks == 0
                ? Uni.createFrom().item(last)
                : Uni.createFrom()
                        .voidItem()
                        .onItem()
                        .delayIt()
                        .by(BETWEEN)
                        .flatMap(v -> look.get())
                        .flatMap(found -> arrived.test(found)
                                ? Uni.createFrom().item(found)
                                : again(look, arrived, looks - 1, found));
    }
}
