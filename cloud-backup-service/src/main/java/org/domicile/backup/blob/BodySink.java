package org.domicile.backup.blob;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Reads a verified body without storing it: to answer a repeated upload, or to hold a small one in memory. */
final class BodySink implements Subscriber<ByteBuffer> {
    private final Buffer kept;

    private BodySink(Buffer kept) {
        this.kept = kept;
    }

    /** @return the hex SHA-256 of a right body */
    static Uni<String> verify(VerifiedBody body) {
        return read(body, null);
    }

    /** @return a right body's bytes */
    static Uni<byte[]> collect(VerifiedBody body) {
        var kept = Buffer.buffer();
        return read(body, kept).map(sha256 -> kept.getBytes());
    }

    private static Uni<String> read(VerifiedBody body, Buffer kept) {
        return Uni.createFrom().completionStage(() -> {
            body.subscribe(new BodySink(kept));
            return body.outcome().copy();
        });
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        if (kept != null) {
            var copy = new byte[bytes.remaining()];
            bytes.get(copy);
            kept.appendBytes(copy);
        }
    }

    @Override
    public void onError(Throwable failure) {
        // the body's outcome says it
    }

    @Override
    public void onComplete() {
        // the body's outcome says it
    }
}
