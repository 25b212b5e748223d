package org.domicile.backup.blob;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionException;
import org.domicile.backup.BackupConfig;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/**
 * Sees at start that the bucket is there. Which checksums the client adds of its own accord is the SDK's setting (environment
 * {@code AWS_REQUEST_CHECKSUM_CALCULATION} and {@code AWS_RESPONSE_CHECKSUM_VALIDATION}); every object that this service writes
 * carries its SHA-256 in any case.
 */
@ApplicationScoped
public class BucketAtStart {
    private final S3AsyncClient s3;
    private final String bucket;

    @Inject
    public BucketAtStart(S3AsyncClient s3, BackupConfig config) {
        this.s3 = s3;
        this.bucket = config.bucket();
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
                throw new IllegalStateException(
                        "the S3 store does not answer for the bucket " + bucket
                                + ": check quarkus.s3.endpoint-override and the credentials",
                        e.getCause());
            }
            create();
        }
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
