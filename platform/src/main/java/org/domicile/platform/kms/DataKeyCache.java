package org.domicile.platform.kms;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.domicile.platform.crypto.Kms;

/**
 * Data keys that a store outside the process has unwrapped lately, so that it is not asked for every request. They are found by their
 * wrapped form alone: of a key that was deleted nobody has that any more, and a key that is wrapped again is another one here.
 */
final class DataKeyCache implements Kms {
    private static final int MOST = 10_000;

    private final Kms store;
    private final AsyncCache<ByteBuffer, byte[]> deks;

    /** @param kept how long a key in clear stays in memory at most */
    DataKeyCache(Kms store, Duration kept) {
        this(store, kept, Ticker.systemTicker());
    }

    DataKeyCache(Kms store, Duration kept, Ticker ticker) {
        this.store = store;
        this.deks = Caffeine.newBuilder()
                .expireAfterWrite(kept)
                .maximumSize(MOST)
                .ticker(ticker)
                .buildAsync();
    }

    @Override
    public Uni<DekPair> generateDekPair() {
        return store.generateDekPair()
                .invoke(made -> deks.put(
                        name(made.edek()),
                        CompletableFuture.completedFuture(made.dek().clone())));
    }

    /** Those who ask for the same key at once share one question; a failure is not kept. */
    @Override
    public Uni<byte[]> decryptEdek(byte[] edek) {
        return StoreCall.onContextOfCaller(Uni.createFrom().completionStage(() -> deks.get(
                        name(edek), (name, executor) -> store.decryptEdek(edek).subscribeAsCompletionStage())
                .thenApply(byte[]::clone)));
    }

    private static ByteBuffer name(byte[] edek) {
        return ByteBuffer.wrap(edek.clone());
    }

    @Override
    public Uni<String> currentKey() {
        return store.currentKey();
    }

    @Override
    public Uni<byte[]> rewrap(byte[] edek) {
        return store.rewrap(edek);
    }

    @Override
    public List<String> indexKeys() {
        return store.indexKeys();
    }

    @Override
    public Uni<byte[]> indexMac(String indexKey, byte[] input) {
        return store.indexMac(indexKey, input);
    }
}
