package org.domicile.platform.testing;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** A key store that does not answer: what every store says then ({@code KmsContract}). */
final class AwayKms implements Kms {
    @Override
    public Uni<DekPair> generateDekPair() {
        return away();
    }

    @Override
    public Uni<byte[]> decryptEdek(byte[] edek) {
        return away();
    }

    @Override
    public Uni<String> currentKey() {
        return away();
    }

    @Override
    public Uni<byte[]> rewrap(byte[] edek) {
        return away();
    }

    @Override
    public List<String> indexKeys() {
        return List.of("i1");
    }

    @Override
    public Uni<byte[]> indexMac(String indexKey, byte[] input) {
        return away();
    }

    private static <T> Uni<T> away() {
        return Uni.createFrom()
                .failure(() -> new ProblemException(
                        ErrorCode.UNAVAILABLE,
                        "The region's key store does not answer: try again in half a minute.",
                        Map.of("retryAfter", 30)));
    }
}
