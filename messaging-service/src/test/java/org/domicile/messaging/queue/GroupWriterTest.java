package org.domicile.messaging.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.instance.Instance;
import org.domicile.messaging.queue.Group.Outcome;
import org.domicile.messaging.queue.GroupStore.Stored;
import org.domicile.messaging.subscription.Capability;
import org.domicile.platform.account.AccountId;
import org.domicile.platform.consent.Feature;
import org.domicile.platform.device.DeviceId;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.Fence;
import org.domicile.platform.fence.FenceConfig;
import org.domicile.platform.fence.FencedGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong with one shared transaction stays with it. */
class GroupWriterTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Outcome NOTHING = new Outcome(Set.of(), List.of());
    /** The writer's, on a machine that is busy. */
    private static final long PATIENCE_SECONDS = 30;

    private final AccountId account = AccountId.create();
    private final Vertx vertx = Vertx.vertx();
    private final Instance instance = new Instance(null, null, null, null, null, null);
    private final Answers fence = new Answers();
    private final Offers offers = new Offers();
    private final GroupWriter writer =
            new GroupWriter(fence, null, offers, instance, null, config(), Clock.systemUTC(), vertx);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void of_a_transaction_that_is_never_answered_the_outcome_is_unknown_and_the_next_goes_on() {
        fence.next.add(() -> Uni.createFrom().nothing());
        fence.next.add(() -> Uni.createFrom().item(NOTHING));

        var hung = accept();
        assertEquals(
                ErrorCode.OUTCOME_UNKNOWN, failure(hung, ProblemException.class).code());

        assertFalse(join(accept()), "answered");
    }

    @Test
    void what_such_a_transaction_has_stored_after_all_is_offered() {
        var answer = new CompletableFuture<Outcome>();
        fence.next.add(() -> Uni.createFrom().completionStage(answer));
        fence.next.add(() -> Uni.createFrom().item(NOTHING));
        failure(accept(), ProblemException.class);

        var message = message();
        answer.complete(stored(message));

        assertEquals(message.id(), join(offers.first));
        assertFalse(join(accept()), "and the next goes on");
    }

    @Test
    void a_transaction_that_cannot_be_begun_fails_its_own_writes_and_no_others() {
        fence.next.add(() -> {
            throw new IllegalStateException("no");
        });
        fence.next.add(() -> Uni.createFrom().item(NOTHING));

        assertEquals("no", failure(accept(), IllegalStateException.class).getMessage());
        assertFalse(join(accept()));
    }

    @Test
    void what_a_transaction_has_stored_is_offered_here_if_its_device_is_here() {
        var here = message();
        fence.next.add(() -> Uni.createFrom().item(stored(here)));

        assertFalse(join(accept()), "another message");

        assertTrue(offers.first.isDone());
        assertEquals(here.id(), join(offers.first));
    }

    private CompletableFuture<Boolean> accept() {
        var deposit = new Deposit(
                Capability.create(account, RANDOM),
                Optional.empty(),
                Capability.create(account, RANDOM),
                Duration.ofMinutes(1),
                Urgency.NORMAL,
                new byte[0]);
        return writer.accept(deposit).subscribeAsCompletionStage();
    }

    private Message message() {
        return new Message(
                UUID.randomUUID(),
                account,
                DeviceId.create(account, RANDOM),
                UUID.randomUUID(),
                new byte[0],
                Instant.MAX,
                Urgency.NORMAL,
                true,
                false);
    }

    private Outcome stored(Message message) {
        return new Outcome(Set.of(account), List.of(new Stored(message, Optional.of(instance.id()), Optional.empty())));
    }

    private static <F extends Throwable> F failure(CompletableFuture<?> future, Class<F> type) {
        return type.cast(
                assertThrows(CompletionException.class, () -> join(future)).getCause());
    }

    private static <T> T join(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    private static MessagingConfig config() {
        return new SmallRyeConfigBuilder()
                .withMapping(MessagingConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValue("domicile.messaging.push-origin", "https://push.test")
                .withDefaultValue("domicile.messaging.writers", "1")
                .withDefaultValue("domicile.messaging.write-deadline", "200ms")
                .build()
                .getConfigMapping(MessagingConfig.class);
    }

    /** Answers each transaction as it is told. */
    private static final class Answers extends Fence {
        private final Queue<Supplier<Uni<Outcome>>> next = new ArrayDeque<>();

        Answers() {
            super(null, null, null, null, new NoWait(), null);
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> Uni<T> writeTogether(
                SortedMap<AccountId, Integer> writes, Feature feature, Function<FencedGroup, Uni<T>> work) {
            return (Uni<T>) next.remove().get();
        }
    }

    private record NoWait() implements FenceConfig {
        @Override
        public Duration deadline() {
            return Duration.ZERO;
        }

        @Override
        public Duration look() {
            return Duration.ZERO;
        }
    }

    private static final class Offers implements OnlineDevices {
        private final CompletableFuture<UUID> first = new CompletableFuture<>();

        @Override
        public void offer(Message message, Optional<UUID> before) {
            first.complete(message.id());
        }

        @Override
        public Uni<Boolean> deliver(Message message) {
            throw new AssertionError("of TTL 0");
        }
    }
}
