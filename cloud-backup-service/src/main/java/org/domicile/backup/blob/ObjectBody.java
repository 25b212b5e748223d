package org.domicile.backup.blob;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;

/**
 * The bytes of an object as the store sends them, for one subscriber. An answer that the store breaks off ends in {@code onError}: the
 * SDK reports that to its own handler only, and leaves the subscriber of the bytes waiting.
 */
public final class ObjectBody implements Publisher<ByteBuffer> {
    private final SdkPublisher<ByteBuffer> source;
    private Subscriber<? super ByteBuffer> subscriber;
    private Throwable failure;
    private boolean over;

    ObjectBody(SdkPublisher<ByteBuffer> source) {
        this.source = source;
    }

    /** Takes the answer of one request, and what goes wrong with it at any time. */
    static final class Taker<R> implements AsyncResponseTransformer<R, ObjectBody> {
        private volatile CompletableFuture<ObjectBody> answer;

        @Override
        public CompletableFuture<ObjectBody> prepare() {
            answer = new CompletableFuture<>();
            return answer;
        }

        @Override
        public void onResponse(R response) {
            // its headers say nothing that the caller does not know
        }

        @Override
        public void onStream(SdkPublisher<ByteBuffer> bytes) {
            answer.complete(new ObjectBody(bytes));
        }

        @Override
        public void exceptionOccurred(Throwable failure) {
            if (!answer.completeExceptionally(failure) && !answer.isCompletedExceptionally()) {
                answer.join().fail(failure);
            }
        }
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> reader) {
        source.subscribe(new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                reader.onSubscribe(new Subscription() {
                    @Override
                    public void request(long n) {
                        subscription.request(n);
                    }

                    @Override
                    public void cancel() {
                        end();
                        subscription.cancel();
                    }
                });
                begun(reader);
            }

            @Override
            public void onNext(ByteBuffer bytes) {
                if (!isOver()) {
                    reader.onNext(bytes);
                }
            }

            @Override
            public void onError(Throwable broken) {
                fail(broken);
            }

            @Override
            public void onComplete() {
                if (end()) {
                    reader.onComplete();
                }
            }
        });
    }

    private void begun(Subscriber<? super ByteBuffer> reader) {
        Throwable early;
        synchronized (this) {
            subscriber = reader;
            early = failure;
        }
        if (early != null && end()) {
            reader.onError(early);
        }
    }

    private void fail(Throwable broken) {
        synchronized (this) {
            if (subscriber == null) {
                failure = broken;
                return;
            }
        }
        if (end()) {
            subscriber.onError(broken);
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    /** @return whether it was not over before */
    private synchronized boolean end() {
        var first = !over;
        over = true;
        return first;
    }
}
