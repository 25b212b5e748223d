package org.domicile.backup.restic;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import org.domicile.backup.blob.BlobKey;
import org.domicile.backup.blob.VerifiedBody;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;

/** A request's body that nobody has begun to read yet. */
final class IncomingBody {
    private final RoutingContext context;
    private boolean taken;

    IncomingBody(RoutingContext context) {
        this.context = context;
    }

    /** Whether reading has begun, so that the request cannot be sent elsewhere any more. */
    boolean isTaken() {
        return taken;
    }

    /** @throws ProblemException LENGTH_REQUIRED (411), PAYLOAD_TOO_LARGE (413) or INVALID_REQUEST */
    long declaredLength(long limit) {
        var header = context.request().getHeader("Content-Length");
        if (header == null) {
            throw new ProblemException(ErrorCode.LENGTH_REQUIRED, "Send a Content-Length.");
        }
        try {
            var length = Long.parseLong(header);
            if (length > limit) {
                throw new ProblemException(ErrorCode.PAYLOAD_TOO_LARGE, "Send blobs of at most " + limit + " bytes.");
            }
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException e) {
            // answered below, as a negative length is
        }
        throw new ProblemException(ErrorCode.INVALID_REQUEST, "Send a Content-Length that is a number of bytes.");
    }

    VerifiedBody take(BlobKey key, long length, Duration stall) {
        taken = true;
        if ("100-continue".equalsIgnoreCase(context.request().getHeader("Expect"))) {
            context.response().writeContinue();
        }
        var sha256 = key.isNamedByHash() ? Optional.of(key.name()) : Optional.<String>empty();
        return new VerifiedBody(context.request(), contextOf(context), length, sha256, stall);
    }

    static io.vertx.core.Context contextOf(RoutingContext context) {
        var current = Vertx.currentContext();
        return current != null ? current : context.vertx().getOrCreateContext();
    }
}
