package org.domicile.client.restic;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** An answer's body, taken no faster than the bandwidth allows: what comes next is asked for when its time has come. */
final class PacedBody implements BodySubscriber<byte[]> {
    private final BodySubscriber<byte[]> content = BodySubscribers.ofByteArray();
    private final Bandwidth bandwidth;
    private Flow.Subscription source;

    private PacedBody(Bandwidth bandwidth) {
        this.bandwidth = bandwidth;
    }

    static BodyHandler<byte[]> handler(Bandwidth bandwidth) {
        return answer -> bandwidth.isLimited() ? new PacedBody(bandwidth) : BodySubscribers.ofByteArray();
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return content.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        source = subscription;
        content.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                source.request(1);
            }

            @Override
            public void cancel() {
                source.cancel();
            }
        });
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        int bytes = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
        content.onNext(buffers);
        CompletableFuture.delayedExecutor(bandwidth.reserve(bytes), TimeUnit.NANOSECONDS)
                .execute(() -> source.request(1));
    }

    @Override
    public void onError(Throwable failure) {
        content.onError(failure);
    }

    @Override
    public void onComplete() {
        content.onComplete();
    }
}
