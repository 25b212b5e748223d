package org.domicile.backup.webdav;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;

/** Answers that WebDAV clients understand. */
final class DavAnswers {
    static final String METHODS = "OPTIONS, GET, HEAD, PUT, DELETE, MKCOL, COPY, MOVE, PROPFIND, PROPPATCH";
    /** What a person is told before they use this: shown by OPTIONS, by a GET of a collection, and in the README. */
    static final String NOTICE = """
            WebDAV of Domicile. What you store here is encrypted under a key of your account, but that key is the region's to \
            use: unlike restic's repositories it is not readable by you alone. Only a client that encrypts by itself (Seedvault, \
            restic, rclone crypt) makes it so. Consent to "backup" covers this; without it nothing is stored.
            """;

    private DavAnswers() {}

    static void created(RoutingContext context, Tree.Outcome outcome) {
        context.response()
                .setStatusCode(outcome == Tree.Outcome.CREATED ? 201 : 204)
                .end();
    }

    static void notice(RoutingContext context) {
        var response = context.response().putHeader("Content-Type", "text/plain; charset=utf-8");
        if (context.request().method() == HttpMethod.HEAD) {
            response.putHeader("Content-Length", Integer.toString(NOTICE.length()))
                    .end();
        } else {
            response.end(NOTICE);
        }
    }

    static void fail(RoutingContext context, Throwable failure) {
        var response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (failure instanceof Conditions.NotModified) {
            response.setStatusCode(304).end();
            return;
        }
        if (failure instanceof ProblemException problem) {
            switch (problem.code()) {
                case UNAUTHORIZED -> response.putHeader("WWW-Authenticate", "Basic realm=\"domicile\"");
                case METHOD_NOT_ALLOWED -> response.putHeader("Allow", METHODS);
                case WRONG_REGION -> {
                    Problems.write(context, moving());
                    return;
                }
                default -> {}
            }
        }
        Problems.write(context, failure);
    }

    /** The account moved while its request waited or its body streamed: a repeated request will be relayed. */
    static ProblemException moving() {
        return new ProblemException(
                ErrorCode.UNAVAILABLE, "The account has just moved: send the request again.", Map.of("retryAfter", 1));
    }
}
