package org.domicile.platform.crypto;

import io.smallrye.mutiny.Uni;

/** Where the region's keys are. They never leave it; only data keys do. */
public interface Kms {
    /** Makes a data key. @return the key in clear, and wrapped by the region's current key */
    Uni<DekPair> generateDekPair();

    /** @return the data key in clear; fails with UNAVAILABLE (503) if the store is away or lacks the wrapping key */
    Uni<byte[]> decryptEdek(byte[] edek);

    /** Whether a wrapped key is under the region's current key; one that is not is due to be wrapped again. */
    boolean isCurrent(byte[] edek);

    /** Wraps the same data key under the region's current key. @return fails as {@link #decryptEdek} */
    Uni<byte[]> rewrap(byte[] edek);

    /** HMAC-SHA256 under the region's index key, which cannot be exported: the blind index of identifiers. */
    Uni<byte[]> indexMac(byte[] input);

    /** A data key (32 bytes) in clear and wrapped. */
    record DekPair(byte[] dek, byte[] edek) {
        @Override
        public String toString() {
            return "DekPair[redacted]";
        }
    }
}
