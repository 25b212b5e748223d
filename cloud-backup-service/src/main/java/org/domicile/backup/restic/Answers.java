package org.domicile.backup.restic;

import io.vertx.core.Future;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;

/** Answers that stock clients understand. */
final class Answers {
    /** Bytes of an unwanted body that are read and dropped, so that a client that is still sending sees the answer. */
    private static final long DRAIN = 32 * 1024 * 1024;

    private Answers() {}

    /** POST, HEAD and DELETE answer exactly 200. */
    static Future<Void> ok(RoutingContext context) {
        return context.response().setStatusCode(200).end();
    }

    static void fail(RoutingContext context, Throwable failure) {
        var response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (failure instanceof ProblemException problem) {
            switch (problem.code()) {
                case UNAUTHORIZED -> response.putHeader("WWW-Authenticate", "Basic realm=\"domicile\"");
                case WRONG_REGION -> {
                    Problems.write(context, retry());
                    return;
                }
                default -> {}
            }
        }
        if (failure instanceof ByteRange.Unsatisfiable) {
            response.setStatusCode(416).end();
            return;
        }
        Problems.write(context, failure);
        drain(context);
    }

    /** A stock client does not understand 421; its next try is relayed. */
    private static ProblemException retry() {
        return new ProblemException(
                ErrorCode.UNAVAILABLE, "The account has just moved: send the request again.", Map.of("retryAfter", 1));
    }

    private static void drain(RoutingContext context) {
        var request = context.request();
        if (request.isEnded()) {
            return;
        }
        var left = new long[] {DRAIN};
        request.exceptionHandler(gone -> {});
        request.handler(buffer -> {
            left[0] -= buffer.length();
            if (left[0] < 0) {
                if (request.version() == HttpVersion.HTTP_2) {
                    request.response().reset();
                } else {
                    request.connection().close();
                }
            }
        });
        request.resume();
    }
}
