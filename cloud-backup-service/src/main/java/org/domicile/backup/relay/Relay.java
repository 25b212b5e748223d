package org.domicile.backup.relay;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.EpochHeader;
import org.domicile.platform.peer.PeerClient;
import org.domicile.platform.residency.Residency;
import org.jboss.logging.Logger;

/**
 * Passes a stock client's request on to the account's home, as a stream over mutual TLS in both directions with back-pressure;
 * nothing is stored here, and the credential is checked there.
 */
@ApplicationScoped
public class Relay {
    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "host",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect",
            // a client does not say which trace its request belongs to
            "traceparent",
            "tracestate",
            "baggage",
            "proxy-authorization",
            "proxy-authenticate");

    private static final Set<String> WITH_BODY = Set.of("PUT", "POST", "PROPFIND", "PROPPATCH");

    private final PeerClient peers;

    @Inject
    public Relay(PeerClient peers) {
        this.peers = peers;
    }

    /** Answers the request, whose body has not been read, with what the home region answers; that waits to be the home. */
    public void send(RoutingContext context, Residency residency) {
        var home = residency.home();
        var incoming = context.request();
        peers.http()
                .request(peers.request(incoming.method(), home, "backup", incoming.uri()))
                .onSuccess(outgoing -> stream(context, outgoing, residency))
                .onFailure(failure -> unreachable(context, home, failure));
    }

    private static void stream(RoutingContext context, HttpClientRequest outgoing, Residency residency) {
        var incoming = context.request();
        copy(incoming.headers(), outgoing.headers());
        outgoing.headers().set(EpochHeader.NAME, Long.toString(residency.epoch()));
        context.response().closeHandler(gone -> outgoing.reset());
        if ("100-continue".equalsIgnoreCase(incoming.getHeader("Expect"))) {
            context.response().writeContinue();
        }
        var answer = hasBody(incoming) ? outgoing.send(incoming) : outgoing.send();
        if (incoming.getHeader("Content-Length") == null) {
            incoming.resume();
        }
        answer.onSuccess(response -> back(context, response))
                .onFailure(failure -> unreachable(context, residency.home(), failure));
    }

    /** HTTP/2 says with neither header that a body of unknown length comes. */
    private static boolean hasBody(HttpServerRequest incoming) {
        return incoming.getHeader("Content-Length") != null
                || incoming.getHeader("Transfer-Encoding") != null
                || incoming.version() == HttpVersion.HTTP_2
                        && WITH_BODY.contains(incoming.method().name());
    }

    private static void back(RoutingContext context, HttpClientResponse answer) {
        var response = context.response().setStatusCode(answer.statusCode());
        response.headers().clear();
        copy(answer.headers(), response.headers());
        if (answer.getHeader("Content-Length") == null) {
            response.setChunked(true);
        }
        // else an answer that is cut off would be ended here as if it were whole
        answer.pipe().endOnFailure(false).to(response).onFailure(cut -> {
            if (!response.ended() && !response.reset()) {
                response.close();
            }
        });
    }

    private static void copy(MultiMap from, MultiMap to) {
        from.forEach(header -> {
            if (!HOP_BY_HOP.contains(header.getKey().toLowerCase(java.util.Locale.ROOT))
                    && !header.getKey().startsWith(":")) {
                to.add(header.getKey(), header.getValue());
            }
        });
    }

    private static void unreachable(RoutingContext context, String home, Throwable failure) {
        LOG.warnf("home region does not answer home=%s reason=%s", home, failure.toString());
        Problems.write(
                context,
                new ProblemException(
                        ErrorCode.UNAVAILABLE,
                        "The account's home region cannot be reached from here: try again in some seconds.",
                        Map.of("retryAfter", 5)));
    }
}
