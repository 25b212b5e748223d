package org.domicile.backup.blob;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncRequestBody;

/**
 * A body on its way to the store: one buffer is fetched for each that the store asks for, and all are counted and hashed as
 * they pass. The last buffer is passed on only if count and hash are right, so that the store never sees a whole body that is
 * wrong. It can be read once; {@link #outcome()} says how that went, whatever the reader makes of it.
 */
public final class VerifiedBody implements AsyncRequestBody, InFlight.Body {
    private final ReadStream<Buffer> source;
    private final Context context;
    private final long length;
    private final Optional<String> sha256;
    private final Duration stall;
    private final MessageDigest digest = Sha256.digest();
    private final AtomicBoolean taken = new AtomicBoolean();
    private final CompletableFuture<String> outcome = new CompletableFuture<>();

    private Subscriber<? super ByteBuffer> subscriber;
    private long received;
    private long demanded;
    private long seen;
    private long timer = -1;

    /**
     * @param source a paused stream of the context
     * @param length bytes declared
     * @param sha256 expected, lower-case hex; empty for content that is not named by its hash
     * @param stall longest time without a byte while one is waited for
     */
    public VerifiedBody(
            ReadStream<Buffer> source, Context context, long length, Optional<String> sha256, Duration stall) {
        this.source = source;
        this.context = context;
        this.length = length;
        this.sha256 = sha256;
        this.stall = stall;
    }

    /** Hex SHA-256 once the whole body has passed; fails with LENGTH_MISMATCH or HASH_MISMATCH (400). */
    public CompletableFuture<String> outcome() {
        return outcome;
    }

    /** Ends the transfer now, unless the whole body has passed already: the outcome is the problem. */
    @Override
    public void cut(ProblemException problem) {
        context.runOnContext(now -> {
            if (subscriber == null) {
                outcome.completeExceptionally(problem);
            } else {
                fail(problem);
            }
        });
    }

    @Override
    public Optional<Long> contentLength() {
        return Optional.of(length);
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> reader) {
        if (!taken.compareAndSet(false, true)) {
            reader.onSubscribe(new Demand());
            reader.onError(new IllegalStateException("a body can be sent once"));
            outcome.completeExceptionally(new ProblemException(
                    ErrorCode.UNAVAILABLE,
                    "The store did not take the content: send it again.",
                    Map.of("retryAfter", 1)));
            return;
        }
        context.runOnContext(now -> start(reader));
    }

    private void start(Subscriber<? super ByteBuffer> reader) {
        subscriber = reader;
        if (outcome.isCompletedExceptionally()) {
            reader.onSubscribe(new Demand());
            reader.onError(outcome.exceptionNow());
            return;
        }
        source.exceptionHandler(cut -> fail(tooShort()));
        source.endHandler(end -> {
            if (received < length) {
                fail(tooShort());
            }
        });
        source.handler(this::received);
        if (!stall.isZero()) {
            timer = context.owner().setPeriodic(stall.toMillis(), tick -> look());
        }
        reader.onSubscribe(new Demand());
        if (length == 0) {
            finish(null);
        }
    }

    private void received(Buffer buffer) {
        if (outcome.isDone()) {
            return;
        }
        received += buffer.length();
        if (demanded != Long.MAX_VALUE) {
            demanded--;
        }
        if (received > length) {
            fail(new ProblemException(
                    ErrorCode.LENGTH_MISMATCH, "Nothing was stored: the body is longer than its Content-Length."));
            return;
        }
        var bytes = buffer.getByteBuf().nioBuffer();
        digest.update(bytes.duplicate());
        if (received == length) {
            finish(bytes);
        } else {
            subscriber.onNext(bytes);
        }
    }

    private void finish(ByteBuffer last) {
        var actual = HexFormat.of().formatHex(digest.digest());
        if (sha256.isPresent() && !sha256.get().equals(actual)) {
            fail(new ProblemException(
                    ErrorCode.HASH_MISMATCH, "Nothing was stored: send the content whose SHA-256 is the name."));
            return;
        }
        stop();
        if (last != null) {
            subscriber.onNext(last);
        }
        subscriber.onComplete();
        outcome.complete(actual);
        source.resume();
    }

    private void fail(ProblemException problem) {
        if (outcome.completeExceptionally(problem)) {
            stop();
            subscriber.onError(problem);
        }
    }

    private void look() {
        if (seen == received && demanded > 0) {
            fail(tooShort());
        }
        seen = received;
    }

    private void stop() {
        if (timer >= 0) {
            context.owner().cancelTimer(timer);
        }
    }

    private ProblemException tooShort() {
        return new ProblemException(
                ErrorCode.LENGTH_MISMATCH,
                "Nothing was stored: " + received + " of " + length + " declared bytes arrived.");
    }

    private final class Demand implements Subscription {
        @Override
        public void request(long n) {
            context.runOnContext(now -> {
                if (!outcome.isDone()) {
                    demanded = demanded + n < 0 ? Long.MAX_VALUE : demanded + n;
                    source.fetch(n);
                }
            });
        }

        @Override
        public void cancel() {
            context.runOnContext(now -> stop());
        }
    }
}
