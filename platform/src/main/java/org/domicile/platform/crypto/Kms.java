package org.domicile.platform.crypto;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * Where the region's keys are: a wrapping key, under which data keys are stored, and the keys of the blind index. They never leave it;
 * only data keys do. Every answer fails with UNAVAILABLE (503) while the store is away or lacks the key.
 */
public interface Kms {
    /** Makes a data key. @return the key in clear, and wrapped by the region's current key */
    Uni<DekPair> generateDekPair();

    /** @return the data key in clear, under whichever of the region's keys it is wrapped */
    Uni<byte[]> decryptEdek(byte[] edek);

    /** The name of the current wrapping key, as {@link WrappedKey#key} gives it. */
    Uni<String> currentKey();

    /** Wraps the same data key under the region's current key. */
    Uni<byte[]> rewrap(byte[] edek);

    /**
     * The names of the index keys in use. The first is the current one, under which entries are made; the others are still looked up
     * with, until their entries have been made again.
     */
    List<String> indexKeys();

    /** HMAC-SHA256 under one of {@link #indexKeys}: the blind index of identifiers. */
    Uni<byte[]> indexMac(String indexKey, byte[] input);

    /** The same under the current index key. */
    default Uni<byte[]> indexMac(byte[] input) {
        return indexMac(indexKeys().getFirst(), input);
    }

    /** The same under every index key in use, in their order: what to look up with. */
    default Uni<List<byte[]>> indexMacs(byte[] input) {
        return Multi.createFrom()
                .iterable(indexKeys())
                .onItem()
                .transformToUniAndConcatenate(key -> indexMac(key, input))
                .collect()
                .asList();
    }

    /** Whether a wrapped key is under the current wrapping key; one that is not is due to be wrapped again. */
    default Uni<Boolean> isCurrent(byte[] edek) {
        return currentKey().map(key -> key.equals(WrappedKey.parse(edek).key()));
    }

    /** A data key (32 bytes) in clear and wrapped. */
    record DekPair(byte[] dek, byte[] edek) {
        public static final int DEK_LENGTH = 32;

        @Override
        public String toString() {
            return "DekPair[redacted]";
        }
    }
}
