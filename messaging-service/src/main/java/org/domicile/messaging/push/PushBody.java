package org.domicile.messaging.push;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Reads a small body and no more: the first byte too many ends the reading. */
final class PushBody {
    private PushBody() {}

    /** @param request paused */
    static Uni<byte[]> read(HttpServerRequest request, int max) {
        var promise = Promise.<byte[]>promise();
        var body = Buffer.buffer();
        if (declared(request) > max) {
            promise.fail(tooLarge(max));
        } else {
            request.handler(chunk -> {
                if (body.length() + chunk.length() > max) {
                    promise.tryFail(tooLarge(max));
                } else {
                    body.appendBuffer(chunk);
                }
            });
            request.exceptionHandler(promise::tryFail);
            request.endHandler(end -> promise.tryComplete(body.getBytes()));
        }
        request.resume();
        return Uni.createFrom().completionStage(promise.future().toCompletionStage());
    }

    private static long declared(HttpServerRequest request) {
        var length = request.getHeader("Content-Length");
        return length == null ? 0 : Long.parseLong(length);
    }

    private static ProblemException tooLarge(int max) {
        return new ProblemException(
                ErrorCode.PAYLOAD_TOO_LARGE, "Send at most " + max + " bytes of encrypted message.");
    }
}
