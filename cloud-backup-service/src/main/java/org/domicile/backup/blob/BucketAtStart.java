package org.domicile.backup.blob;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.domicile.backup.BackupConfig;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Sees at start that the bucket is there, and that the store refuses what every upload relies on it to refuse: content with another
 * SHA-256 than was said, and an object where one is already. One small object, {@value #PROBE}, stays for that. Which checksums the client adds of its own accord is the SDK's setting (environment
 * {@code AWS_REQUEST_CHECKSUM_CALCULATION} and {@code AWS_RESPONSE_CHECKSUM_VALIDATION}); every object that this service writes
 * carries its SHA-256 in any case.
 */
@ApplicationScoped
public class BucketAtStart {
    static final String PROBE = "probe";
    private static final byte[] CONTENT = "domicile".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER = "something else".getBytes(StandardCharsets.US_ASCII);

    private final S3AsyncClient s3;
    private final String bucket;

    @Inject
    public BucketAtStart(S3AsyncClient s3, BackupConfig config) {
        this(s3, config.bucket());
    }

    BucketAtStart(S3AsyncClient s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    BucketAtStart() {
        this.s3 = null;
        this.bucket = null;
    }

    void start(@Observes StartupEvent event) {
        try {
            s3.headBucket(b -> b.bucket(bucket)).join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof NoSuchBucketException)) {
                throw unable(e.getCause());
            }
            create();
        }
        requireRefused(
                PROBE + "-checksum",
                OTHER,
                Set.of(400),
                "the S3 store took content whose SHA-256 is not the one of x-amz-checksum-sha256: choose or upgrade a store"
                        + " that compares it, else damaged uploads would be stored");
        put(PROBE, CONTENT);
        requireRefused(
                PROBE,
                CONTENT,
                // another instance may be starting
                Set.of(412, 409),
                "the S3 store took an object over another in spite of If-None-Match: choose or upgrade a store that honours"
                        + " it, else uploads could be overwritten");
    }

    private void requireRefused(String key, byte[] said, Set<Integer> refusals, String otherwise) {
        int answered = put(key, said);
        if (answered == 200) {
            throw new IllegalStateException(otherwise);
        }
        if (!refusals.contains(answered)) {
            throw unable(new IllegalStateException("it answered " + answered + " to a PUT of " + key));
        }
    }

    /** @return the status */
    private int put(String key, byte[] said) {
        var sha256 = Base64.getEncoder().encodeToString(Sha256.digest().digest(said));
        try {
            s3.putObject(
                            r -> r.bucket(bucket)
                                    .key(key)
                                    .contentLength((long) CONTENT.length)
                                    .checksumSHA256(sha256)
                                    .ifNoneMatch("*"),
                            AsyncRequestBody.fromBytes(CONTENT))
                    .join();
            return 200;
        } catch (CompletionException e) {
            if (e.getCause() instanceof S3Exception answer) {
                return answer.statusCode();
            }
            throw unable(e.getCause());
        }
    }

    private IllegalStateException unable(Throwable cause) {
        return new IllegalStateException(
                "the S3 store does not answer for the bucket " + bucket
                        + ": check quarkus.s3.endpoint-override and the credentials",
                cause);
    }

    private void create() {
        try {
            s3.createBucket(b -> b.bucket(bucket)).join();
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof BucketAlreadyOwnedByYouException)
                    && !(e.getCause() instanceof BucketAlreadyExistsException)) {
                throw new IllegalStateException("the bucket " + bucket + " could not be made", e.getCause());
            }
        }
    }
}
