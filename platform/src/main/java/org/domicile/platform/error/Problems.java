package org.domicile.platform.error;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import java.util.Map;
import java.util.stream.Collectors;
import org.domicile.platform.crypto.SignedDocument.InvalidSignature;
import org.jboss.logging.Logger;

/** Turns any failure into the problem that a caller sees. What is not a known failure becomes 500 and is logged here, once. */
public final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    private static final long DISCARD_MILLIS = 10_000;
    private static final int OUTAGE_RETRY_SECONDS = 5;

    private Problems() {}

    public static ProblemException of(Throwable failure) {
        return switch (failure) {
            case ProblemException known -> known;
            case UnrecognizedPropertyException e ->
                new ProblemException(
                        ErrorCode.UNKNOWN_FIELD, "Remove the field \"" + e.getPropertyName() + "\": it is not known.");
            case InvalidSignature e ->
                new ProblemException(ErrorCode.FORBIDDEN, "Send a document signed by the region that it names.");
            case JsonParseException e -> new ProblemException(ErrorCode.MALFORMED_BODY, "Send well-formed JSON.");
            case JsonMappingException e ->
                new ProblemException(ErrorCode.INVALID_REQUEST, "Correct the field \"" + path(e) + "\".");
            case ConstraintViolationException e ->
                new ProblemException(
                        ErrorCode.INVALID_REQUEST,
                        e.getConstraintViolations().stream()
                                .map(v -> lastOf(v.getPropertyPath().toString()) + " " + v.getMessage())
                                .sorted()
                                .collect(Collectors.joining("; ", "Correct: ", ".")));
            case WebApplicationException e when e.getCause() instanceof JsonMappingException cause -> of(cause);
            case WebApplicationException e when e.getCause() instanceof JsonParseException cause -> of(cause);
            case WebApplicationException e -> ofStatus(e.getResponse().getStatus());
            case Throwable e
            when DatabaseOutage.isOne(e) -> {
                LOG.warnf("database does not answer reason=%s", e.toString());
                yield DatabaseOutage.leavesUnknown(e)
                        ? outage(
                                ErrorCode.OUTCOME_UNKNOWN,
                                "A part behind this service was lost before it answered: look whether it was done, or send"
                                        + " the request again if twice does no harm.")
                        : outage(
                                ErrorCode.UNAVAILABLE,
                                "A part behind this service does not answer: send the request again in a few seconds.");
            }
            default -> {
                LOG.error("unexpected failure", failure);
                yield new ProblemException(
                        ErrorCode.INTERNAL, "Try again later; if it stays, tell the operator.", Map.of());
            }
        };
    }

    private static ProblemException outage(ErrorCode code, String detail) {
        return new ProblemException(code, detail, Map.of(Problem.RETRY_AFTER, OUTAGE_RETRY_SECONDS));
    }

    /** The problem for a status that the framework chose. */
    public static ProblemException ofStatus(int status) {
        return switch (status) {
            case 400 -> new ProblemException(ErrorCode.INVALID_REQUEST, "Correct the request.");
            case 401 -> new ProblemException(ErrorCode.UNAUTHORIZED, "Send a valid access token of this region.");
            case 403 -> new ProblemException(ErrorCode.FORBIDDEN, "Sign in with an account that has the needed role.");
            case 404 -> new ProblemException(ErrorCode.NOT_FOUND, "Check the address.");
            case 405 -> new ProblemException(ErrorCode.METHOD_NOT_ALLOWED, "Use a method that the API names.");
            case 406 -> new ProblemException(ErrorCode.NOT_ACCEPTABLE, "Accept application/json.");
            case 413 -> new ProblemException(ErrorCode.PAYLOAD_TOO_LARGE, "Send a smaller body.");
            case 415 -> new ProblemException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send application/json.");
            case 431 -> new ProblemException(ErrorCode.HEADERS_TOO_LARGE, "Send smaller header fields.");
            default -> new ProblemException(ErrorCode.INTERNAL, "Try again later; if it stays, tell the operator.");
        };
    }

    /** Ends a Vert.x request with the failure's problem. */
    public static void write(RoutingContext context, Throwable failure) {
        var response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            context.request().connection().close();
            return;
        }
        var problem = of(failure).problem();
        response.setStatusCode(problem.status()).putHeader("Content-Type", Problem.MEDIA_TYPE);
        var retryAfter = problem.extensions().get(Problem.RETRY_AFTER);
        if (retryAfter != null) {
            response.putHeader("Retry-After", retryAfter.toString());
        }
        discard(context);
        response.end(Json.encodeToBuffer(problem));
    }

    /** A client reads the answer only once it has sent its body: takes what still comes, for a while, then hangs up. */
    private static void discard(RoutingContext context) {
        var request = context.request();
        if (request.isEnded()) {
            return;
        }
        var timer = context.vertx().setTimer(DISCARD_MILLIS, id -> hangUp(request));
        request.handler(ignored -> {});
        request.endHandler(end -> context.vertx().cancelTimer(timer));
        request.exceptionHandler(gone -> context.vertx().cancelTimer(timer));
        request.resume();
    }

    /** The connection may serve the next request by now. */
    private static void hangUp(HttpServerRequest request) {
        if (!request.isEnded()) {
            request.connection().close();
        }
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static String lastOf(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
