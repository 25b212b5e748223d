package org.domicile.backup.blob;

import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * An object on its way to a client: asks the store for more only as the client takes it. What has arrived when the client's turn comes
 * is written at once. If the store breaks off, or a whole object does not have its hash, so does the answer: a client never mistakes a
 * part, or a damaged object, for the whole.
 */
public final class ObjectDownload implements Subscriber<ByteBuffer> {
    private static final Logger LOG = Logger.getLogger(ObjectDownload.class);
    /** Pieces of 8 KiB, as the store's client cuts them. */
    private static final int AHEAD = 16;

    private final HttpServerResponse response;
    private final Context context;
    private final long length;
    private final Optional<String> sha256;
    private final MessageDigest digest;
    private final Queue<ByteBuffer> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awaited = new AtomicBoolean();

    private Subscription subscription;
    private long sent;
    private int owed;
    private boolean done;

    /**
     * @param length bytes that the answer's Content-Length promises
     * @param sha256 of a whole object, lower-case hex: its last bytes are sent only if they make it right; empty for a part
     */
    public ObjectDownload(HttpServerResponse response, Context context, long length, Optional<String> sha256) {
        this.response = response;
        this.context = context;
        this.length = length;
        this.sha256 = sha256;
        this.digest = Sha256.digest();
    }

    /** For content that its reader checks, such as what is encrypted with authentication. */
    public ObjectDownload(HttpServerResponse response, Context context, long length) {
        this(response, context, length, Optional.empty());
    }

    @Override
    public void onSubscribe(Subscription given) {
        context.runOnContext(now -> {
            subscription = given;
            response.exceptionHandler(gone -> cancel());
            response.closeHandler(gone -> cancel());
            response.drainHandler(drained -> {
                var again = owed;
                owed = 0;
                if (again > 0 && !done) {
                    subscription.request(again);
                }
            });
            if (response.closed()) {
                cancel();
            } else {
                subscription.request(AHEAD);
            }
        });
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        arrived.add(bytes);
        if (awaited.compareAndSet(false, true)) {
            context.runOnContext(now -> pass());
        }
    }

    private void pass() {
        awaited.set(false);
        var pieces = new ArrayList<ByteBuffer>();
        for (var bytes = arrived.poll(); bytes != null && !done; bytes = arrived.poll()) {
            if (isRight(bytes)) {
                pieces.add(bytes);
            }
        }
        if (done || pieces.isEmpty()) {
            return;
        }
        response.write(Buffer.buffer(Unpooled.wrappedBuffer(pieces.toArray(ByteBuffer[]::new))));
        if (response.writeQueueFull()) {
            owed += pieces.size();
        } else {
            subscription.request(pieces.size());
        }
    }

    /** Counts and hashes; breaks off if there are too many bytes, or if the last ones make the hash another. */
    private boolean isRight(ByteBuffer bytes) {
        sent += bytes.remaining();
        if (sent > length) {
            breakOff("more than " + length + " bytes");
            return false;
        }
        if (sha256.isPresent()) {
            digest.update(bytes.duplicate());
            if (sent == length && !sha256.get().equals(HexFormat.of().formatHex(digest.digest()))) {
                breakOff("the stored content is damaged");
                return false;
            }
        }
        return true;
    }

    @Override
    public void onError(Throwable failure) {
        context.runOnContext(now -> breakOff(failure.toString()));
    }

    @Override
    public void onComplete() {
        context.runOnContext(now -> {
            if (done) {
                return;
            }
            if (sent != length) {
                breakOff("ended after " + sent + " of " + length + " bytes");
                return;
            }
            done = true;
            response.end();
        });
    }

    private void breakOff(String reason) {
        if (!done) {
            done = true;
            subscription.cancel();
            LOG.warnf("download broken off reason=%s", reason);
            if (!response.reset()) {
                response.close();
            }
        }
    }

    private void cancel() {
        if (!done) {
            done = true;
            subscription.cancel();
        }
    }
}
