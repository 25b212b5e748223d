package org.domicile.platform.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LateNewsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void what_is_there_is_looked_at_once() {
        assertEquals(1, expect(1, 20).await().atMost(PATIENCE));
        assertEquals(1, looks.get());
    }

    @Test
    void what_arrives_meanwhile_is_found() {
        assertEquals(3, expect(3, 20).await().atMost(PATIENCE));
        assertEquals(3, looks.get());
    }

    @Test
    void what_does_not_arrive_is_believed_to_be_absent_in_the_end() {
        assertEquals(4, expect(100, 4).await().atMost(PATIENCE));
        assertEquals(4, looks.get());
    }

    @Test
    void a_look_that_fails_ends_the_wait() {
        Supplier<Uni<Integer>> look = () -> looks.incrementAndGet() < 2
                ? Uni.createFrom().item(0)
                : Uni.createFrom().failure(new IllegalStateException("no database"));

        var waited = LateNews.expect(look, found -> false, 20);

        assertThrows(IllegalStateException.class, () -> waited.await().atMost(PATIENCE));
        everyPlaceIsFree();
    }

    @Test
    void only_so_many_wait_at_a_time() {
        var news = new CompletableFuture<Integer>();
        var waiting = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < LateNews.AT_A_TIME; i++) {
            var first = new AtomicInteger();
            Supplier<Uni<Integer>> look = () -> first.getAndIncrement() == 0
                    ? Uni.createFrom().item(0)
                    : Uni.createFrom().completionStage(news);
            waiting.add(LateNews.expect(look, found -> found > 0, 2).subscribeAsCompletionStage());
        }

        assertEquals(1, expect(3, 20).await().atMost(PATIENCE), "one more is told what is known");

        news.complete(7);
        waiting.forEach(w -> assertEquals(7, w.join()));
        everyPlaceIsFree();
    }

    @Test
    void it_comes_back_to_where_it_was_called() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var context = vertx.getOrCreateContext();
            var found = new CompletableFuture<Object>();
            context.runOnContext(v -> expect(3, 20)
                    .subscribe()
                    .with(n -> found.complete(Vertx.currentContext()), found::completeExceptionally));

            assertSame(context, found.get(20, TimeUnit.SECONDS));
        } finally {
            vertx.close();
        }
    }

    /** Counts its looks, and is there from this one on. */
    private Uni<Integer> expect(int from, int atMost) {
        return LateNews.expect(() -> Uni.createFrom().item(looks.incrementAndGet()), n -> n >= from, atMost);
    }

    private void everyPlaceIsFree() {
        looks.set(0);
        assertEquals(2, expect(2, 20).await().atMost(PATIENCE));
    }
}
