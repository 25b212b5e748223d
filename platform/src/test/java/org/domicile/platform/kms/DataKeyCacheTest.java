package org.domicile.platform.kms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.domicile.platform.crypto.Kms;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store is outside the product: one stands for it that answers when it is told to. */
class DataKeyCacheTest extends KmsContract {
    private static final Duration KEPT = Duration.ofMinutes(1);
    private static final byte[] EDEK = {1, 2, 3};

    @TempDir
    Path folder;

    private final LocalKmsTest stores = new LocalKmsTest();
    private final AtomicLong nanos = new AtomicLong();
    private final List<CompletableFuture<byte[]>> questions = new ArrayList<>();
    private final Kms cache = new DataKeyCache(new Answering(), KEPT, nanos::get);

    @BeforeEach
    void place() {
        stores.folder = folder;
    }

    @Override
    protected Kms kms() {
        return new DataKeyCache(stores.kms(), KEPT);
    }

    @Override
    protected Kms rotated() {
        return new DataKeyCache(stores.rotated(), KEPT);
    }

    @Test
    void those_who_ask_at_once_share_one_question_and_each_gets_a_copy() {
        var one = cache.decryptEdek(EDEK).subscribeAsCompletionStage();
        var other = cache.decryptEdek(EDEK.clone()).subscribeAsCompletionStage();
        questions.getFirst().complete(new byte[] {7});

        one.join()[0] = 0;

        assertArrayEquals(new byte[] {7}, other.join());
        assertArrayEquals(new byte[] {7}, get(cache.decryptEdek(EDEK)));
        assertEquals(1, questions.size());
    }

    @Test
    void one_who_gives_up_does_not_spoil_it_for_the_others() {
        var gone = cache.decryptEdek(EDEK).subscribeAsCompletionStage();
        var other = cache.decryptEdek(EDEK).subscribeAsCompletionStage();

        gone.cancel(true);
        questions.getFirst().complete(new byte[] {7});

        assertArrayEquals(new byte[] {7}, other.join());
    }

    @Test
    void after_its_time_the_store_is_asked_again() {
        var first = cache.decryptEdek(EDEK).subscribeAsCompletionStage();
        questions.getFirst().complete(new byte[] {7});
        first.join();
        nanos.addAndGet(KEPT.toNanos());

        cache.decryptEdek(EDEK).subscribeAsCompletionStage();

        assertEquals(2, questions.size());
    }

    @Test
    void a_failure_is_not_kept() {
        cache.decryptEdek(EDEK).subscribeAsCompletionStage();
        questions.getFirst().completeExceptionally(KmsOutage.missing("k1"));

        var again = cache.decryptEdek(EDEK).subscribeAsCompletionStage();
        questions.getLast().complete(new byte[] {7});

        assertArrayEquals(new byte[] {7}, again.join());
    }

    @Test
    void a_key_that_was_just_made_is_known() {
        var pair = get(cache.generateDekPair());

        assertArrayEquals(pair.dek(), get(cache.decryptEdek(pair.edek())));
        assertEquals(0, questions.size());
    }

    private final class Answering implements Kms {
        @Override
        public Uni<DekPair> generateDekPair() {
            return Uni.createFrom().item(new DekPair(new byte[DekPair.DEK_LENGTH], new byte[] {9}));
        }

        @Override
        public Uni<byte[]> decryptEdek(byte[] edek) {
            var question = new CompletableFuture<byte[]>();
            questions.add(question);
            return Uni.createFrom().completionStage(question);
        }

        @Override
        public Uni<String> currentKey() {
            throw new AssertionError("not asked");
        }

        @Override
        public Uni<byte[]> rewrap(byte[] edek) {
            throw new AssertionError("not asked");
        }

        @Override
        public List<String> indexKeys() {
            return List.of();
        }

        @Override
        public Uni<byte[]> indexMac(String indexKey, byte[] input) {
            throw new AssertionError("not asked");
        }
    }
}
