package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.domicile.backup.blob.InFlight;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/**
 * A body that is encrypted as it arrives, and handed out part by part: while a part is being stored nothing more is read, so that
 * one part is all that is in memory. A body that breaks off, stalls, or has another length than declared fails; without a declared
 * length its end must have come as the protocol says (the last chunk, or the end of the HTTP/2 stream).
 */
final class EncryptedBody implements InFlight.Body {
    private final ReadStream<Buffer> source;
    private final Context context;
    private final OptionalLong declared;
    private final Duration stall;
    private final DavCipher cipher;
    private final UUID generation;
    private final MessageDigest digest = sha256();

    private ByteBuffer rest = ByteBuffer.allocate(0);
    private PartEncrypter part;
    private int number;
    private long received;
    private boolean begun;
    private boolean ended;
    private boolean cut;
    private ProblemException refusal;
    private UniEmitter<? super Optional<Part>> waiting;
    private long timer = -1;

    /**
     * @param source a paused stream of the context
     * @param declared bytes that must come; empty if that was not said
     * @param stall longest time without a byte while one is waited for
     */
    EncryptedBody(
            ReadStream<Buffer> source,
            Context context,
            OptionalLong declared,
            Duration stall,
            DavCipher cipher,
            UUID generation) {
        this.source = source;
        this.context = context;
        this.declared = declared;
        this.stall = stall;
        this.cipher = cipher;
        this.generation = generation;
        this.part = cipher.encrypter(generation, 0);
    }

    /**
     * @param size bytes of its plaintext
     * @param sha256 of the ciphertext, lower-case hex
     */
    record Part(int number, int size, byte[] ciphertext, String sha256) {}

    @Override
    public void cut(ProblemException problem) {
        context.runOnContext(now -> {
            refusal = problem;
            advance();
        });
    }

    /** The next part, or empty at the end; fails with LENGTH_MISMATCH (400), or as it was cut. Ask again only when it has come. */
    Uni<Optional<Part>> next() {
        return Uni.createFrom()
                .emitter(emitter -> context.runOnContext(now -> {
                    waiting = emitter;
                    if (!begun) {
                        begin();
                    }
                    advance();
                }));
    }

    /** Bytes of plaintext so far. */
    long received() {
        return received;
    }

    /** Of the whole plaintext, lower-case hex; once, after the end. */
    String digest() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void begin() {
        begun = true;
        source.exceptionHandler(gone -> {
            cut = true;
            advance();
        });
        source.endHandler(end -> {
            ended = true;
            advance();
        });
        source.handler(buffer -> {
            received += buffer.length();
            rest = buffer.getByteBuf().nioBuffer();
            digest.update(rest.duplicate());
            advance();
        });
    }

    private void advance() {
        if (waiting == null) {
            return;
        }
        stopTimer();
        if (refusal != null) {
            fail(refusal);
            return;
        }
        part.append(rest);
        if (declared.isPresent() && received > declared.getAsLong()) {
            fail("Nothing was stored: the body is longer than its Content-Length.");
        } else if (part.isFull()) {
            emit();
        } else if (ended && declared.orElse(received) == received) {
            end();
        } else if (ended || cut) {
            fail("Nothing was stored: the body broke off after " + received + " bytes.");
        } else {
            startTimer();
            source.fetch(1);
        }
    }

    private void end() {
        if (part.size() > 0) {
            emit();
        } else {
            answer(Optional.empty());
        }
    }

    private void emit() {
        var size = part.size();
        var ciphertext = part.finish();
        var sha256 = HexFormat.of().formatHex(sha256().digest(ciphertext));
        var done = new Part(number, size, ciphertext, sha256);
        number++;
        part = cipher.encrypter(generation, number);
        answer(Optional.of(done));
    }

    private void answer(Optional<Part> item) {
        var to = waiting;
        waiting = null;
        to.complete(item);
    }

    private void fail(String detail) {
        fail(new ProblemException(ErrorCode.LENGTH_MISMATCH, detail));
    }

    private void fail(ProblemException problem) {
        var to = waiting;
        waiting = null;
        to.fail(problem);
    }

    private void startTimer() {
        if (!stall.isZero()) {
            timer = context.owner().setTimer(stall.toMillis(), late -> {
                cut = true;
                advance();
            });
        }
    }

    private void stopTimer() {
        if (timer >= 0) {
            context.owner().cancelTimer(timer);
            timer = -1;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
