package org.domicile.backup.webdav;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** Reads a request's body into memory, up to a limit. */
final class SmallBody {
    private SmallBody() {}

    /** @return fails with PAYLOAD_TOO_LARGE (413) or LENGTH_MISMATCH (400) */
    static Uni<byte[]> read(HttpServerRequest request, int limit) {
        return Uni.createFrom().emitter(emitter -> {
            var body = Buffer.buffer();
            request.exceptionHandler(cut -> emitter.fail(
                    new ProblemException(ErrorCode.LENGTH_MISMATCH, "Nothing was changed: the body broke off.")));
            request.endHandler(end -> emitter.complete(body.getBytes()));
            request.handler(buffer -> {
                if (body.length() + buffer.length() > limit) {
                    request.pause();
                    emitter.fail(new ProblemException(
                            ErrorCode.PAYLOAD_TOO_LARGE, "Send an XML body of at most " + limit + " bytes."));
                } else {
                    body.appendBuffer(buffer);
                }
            });
            request.resume();
        });
    }
}
