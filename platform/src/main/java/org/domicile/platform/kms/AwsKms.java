package org.domicile.platform.kms;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.domicile.platform.crypto.Kms;
import org.domicile.platform.crypto.WrappedKey;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsAsyncClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/**
 * The region's keys in AWS KMS: a symmetric key that wraps (GenerateDataKey, Decrypt, ReEncrypt) and keys of the spec HMAC_256 that index
 * (GenerateMac). Names are key ids or ARNs; not aliases, which could come to mean another key. What KMS rotates by itself stays the
 * same key to us.
 */
public final class AwsKms implements Kms {
    private final KmsAsyncClient kms;
    private final String wrappingKey;
    private final List<String> indexKeys;
    private final Duration timeout;

    /** @param wrappingKey the current one; older ones are found by the ids that wrapped keys carry */
    public AwsKms(KmsAsyncClient kms, String wrappingKey, List<String> indexKeys, Duration timeout) {
        this.kms = kms;
        this.wrappingKey = wrappingKey;
        this.indexKeys = List.copyOf(indexKeys);
        this.timeout = timeout;
    }

    @Override
    public Uni<DekPair> generateDekPair() {
        return call(
                        wrappingKey,
                        () -> kms.generateDataKey(r -> r.keyId(wrappingKey).keySpec(DataKeySpec.AES_256)))
                .map(made -> new DekPair(made.plaintext().asByteArray(), wrapped(made.ciphertextBlob())));
    }

    @Override
    public Uni<byte[]> decryptEdek(byte[] edek) {
        return Uni.createFrom()
                .item(() -> WrappedKey.parse(edek))
                .flatMap(wrapped -> call(
                        wrapped.key(),
                        () -> kms.decrypt(r -> r.keyId(wrapped.key()).ciphertextBlob(blob(wrapped)))))
                .map(answer -> answer.plaintext().asByteArray());
    }

    @Override
    public Uni<String> currentKey() {
        return Uni.createFrom().item(wrappingKey);
    }

    @Override
    public Uni<byte[]> rewrap(byte[] edek) {
        return Uni.createFrom()
                .item(() -> WrappedKey.parse(edek))
                .flatMap(wrapped -> call(
                        wrapped.key(),
                        () -> kms.reEncrypt(r -> r.sourceKeyId(wrapped.key())
                                .destinationKeyId(wrappingKey)
                                .ciphertextBlob(blob(wrapped)))))
                .map(answer -> wrapped(answer.ciphertextBlob()));
    }

    @Override
    public List<String> indexKeys() {
        return indexKeys;
    }

    @Override
    public Uni<byte[]> indexMac(String indexKey, byte[] input) {
        return call(
                        indexKey,
                        () -> kms.generateMac(r -> r.keyId(indexKey)
                                .macAlgorithm(MacAlgorithmSpec.HMAC_SHA_256)
                                .message(SdkBytes.fromByteArray(input))))
                .map(answer -> answer.mac().asByteArray());
    }

    private byte[] wrapped(SdkBytes blob) {
        return new WrappedKey(wrappingKey, blob.asByteArray()).encode();
    }

    private static SdkBytes blob(WrappedKey wrapped) {
        return SdkBytes.fromByteArray(wrapped.body());
    }

    private <T> Uni<T> call(String key, Supplier<CompletionStage<T>> request) {
        return StoreCall.within(timeout, Uni.createFrom().completionStage(request))
                .onFailure()
                .transform(failure -> told(key, failure));
    }

    private static Throwable told(String key, Throwable failure) {
        return switch (failure) {
            case NotFoundException e -> KmsOutage.missing(key);
            case DisabledException e -> KmsOutage.missing(key);
            case KmsInvalidStateException e -> KmsOutage.missing(key);
            case InvalidCiphertextException e -> foreign(e);
            case IncorrectKeyException e -> foreign(e);
            case SdkException e -> KmsOutage.away(e);
            case TimeoutException e -> KmsOutage.away(e);
            default -> failure;
        };
    }

    private static IllegalStateException foreign(Throwable cause) {
        return new IllegalStateException(
                "a data key cannot be unwrapped: the region's key is not the one it was made with", cause);
    }
}
