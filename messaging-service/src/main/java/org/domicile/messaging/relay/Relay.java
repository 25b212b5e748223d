package org.domicile.messaging.relay;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.fence.EpochHeader;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.region.ServiceIdentity;
import org.domicile.platform.residency.Residency;
import org.jboss.logging.Logger;

/**
 * Passes a request, which is small, to the same path of the home region's peer listener, and its answer back; stores nothing. It goes
 * only to a region of the signed list.
 */
@ApplicationScoped
public class Relay {
    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final int RETRY_AFTER = 2;
    private static final long ANSWER_TIMEOUT_MILLIS = 20_000;

    /** What a sender's request may bring along; all else is about the connection or nobody's business. */
    private static final List<String> REQUEST_HEADERS = List.of(
            "Authorization",
            "Content-Encoding",
            "Content-Type",
            "Domicile-Devices",
            "Prefer",
            "Push-Receipt",
            "Topic",
            "TTL",
            "Urgency");

    private static final Set<String> DROPPED_ANSWER_HEADERS =
            Set.of("connection", "keep-alive", "transfer-encoding", "upgrade");

    private final PeerClient peers;
    private final String service;

    @Inject
    public Relay(PeerClient peers, ServiceIdentity identity) {
        this.peers = peers;
        this.service = identity.service();
    }

    /**
     * @param home where it is answered, as soon as that region knows itself to be the home
     * @param body the request's whole body
     * @return when it is answered; fails with {@link Misdirected} if that region is the home no longer, UNAVAILABLE (503) if it cannot be
     *     reached, OUTCOME_UNKNOWN (504) if it does not answer
     */
    public Uni<Void> http(RoutingContext context, Residency home, Buffer body) {
        var incoming = context.request();
        var options = peers.request(incoming.method(), home.home(), service, incoming.path())
                .setIdleTimeout(ANSWER_TIMEOUT_MILLIS);
        return Uni.createFrom().completionStage(() -> peers.http()
                .request(options)
                .recover(failure -> failed(home, failure, unreachable(home.home())))
                .compose(outgoing -> {
                    copy(incoming.headers(), outgoing.headers());
                    outgoing.putHeader(EpochHeader.NAME, Long.toString(home.epoch()));
                    return outgoing.send(body)
                            .compose(answer -> answer(context.response(), answer))
                            .recover(failure -> failure instanceof Misdirected
                                    ? Future.failedFuture(failure)
                                    : failed(home, failure, unanswered(home.home())));
                })
                .toCompletionStage());
    }

    /** The answer for a home region that cannot be reached. */
    public static ProblemException unreachable(String region) {
        return new ProblemException(
                ErrorCode.UNAVAILABLE,
                "The account's home region, " + region + ", cannot be reached: try again.",
                Map.of("retryAfter", RETRY_AFTER));
    }

    /** The request is on its way, and may have been taken: a sender who is told to try again would be heard twice. */
    private static ProblemException unanswered(String region) {
        return new ProblemException(
                ErrorCode.OUTCOME_UNKNOWN,
                "The account's home region, " + region
                        + ", was lost before it answered: the message may have been taken.");
    }

    private static <T> Future<T> failed(Residency home, Throwable failure, ProblemException problem) {
        LOG.warnf("relay failed region=%s reason=%s", home.home(), failure.toString());
        return Future.failedFuture(problem);
    }

    private static Future<Void> answer(HttpServerResponse response, HttpClientResponse answer) {
        if (answer.statusCode() == ErrorCode.WRONG_REGION.status()) {
            return Future.failedFuture(new Misdirected(EpochHeader.known(answer.getHeader(EpochHeader.NAME))));
        }
        response.setStatusCode(answer.statusCode());
        answer.headers().forEach(header -> {
            if (!DROPPED_ANSWER_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                response.putHeader(header.getKey(), header.getValue());
            }
        });
        if (!response.headers().contains("Content-Length")) {
            response.setChunked(true);
        }
        // else an answer that is cut off would be ended here as if it were whole; a problem that is told instead has
        // its own length
        return answer.pipe().endOnFailure(false).to(response).onFailure(cut -> response.headers()
                .remove("Content-Length"));
    }

    private static void copy(MultiMap from, MultiMap to) {
        for (var name : REQUEST_HEADERS) {
            var value = from.get(name);
            if (value != null) {
                to.set(name, value);
            }
        }
    }
}
