package org.domicile.messaging.receipt;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.domicile.messaging.MessagingConfig;
import org.domicile.messaging.subscription.Capability;
import org.domicile.messaging.subscription.RoutingKeys;
import org.domicile.platform.error.ErrorCode;
import org.domicile.platform.error.ProblemException;
import org.domicile.platform.error.Problems;
import org.domicile.platform.fence.Homes;
import org.domicile.platform.peer.PeerIdentity;
import org.domicile.platform.peer.PeerServer;
import org.domicile.platform.region.ServiceIdentity;

/**
 * {@code GET /push/receipts/{capability}}: delivery receipts (RFC 8030 section 6.3). Over HTTP/2 each is pushed as the answer,
 * 204 or 410, to a GET of its message's URL; the request itself is answered with 204 when it has lasted as long as it may
 * ({@code Prefer: wait}, at most {@code receipt-wait}). A client without server push gets those that are ready as JSON.
 */
@ApplicationScoped
public class ReceiptRoutes {
    private static final String PATH = "/push/receipts/:capability";
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait=(\\d{1,6})(?:$|[,;\\s])");
    private static final int RETRY_AFTER = 30;

    private final Receipts receipts;
    private final FarReceipts far;
    private final RoutingKeys routing;
    private final Homes homes;
    private final MessagingConfig config;
    private final ServiceIdentity identity;
    private final PeerServer peerServer;
    private final Vertx vertx;
    private final Clock clock;
    private final AtomicInteger open = new AtomicInteger();

    @Inject
    public ReceiptRoutes(
            Receipts receipts,
            FarReceipts far,
            RoutingKeys routing,
            Homes homes,
            MessagingConfig config,
            ServiceIdentity identity,
            PeerServer peerServer,
            Vertx vertx,
            Clock clock) {
        this.receipts = receipts;
        this.far = far;
        this.routing = routing;
        this.homes = homes;
        this.config = config;
        this.identity = identity;
        this.peerServer = peerServer;
        this.vertx = vertx;
        this.clock = clock;
    }

    /** One client that waits. */
    private record Waiting(RoutingContext context, Capability capability, Instant until) {
        boolean isGone() {
            return context.response().closed() || context.response().ended();
        }
    }

    void mount(@Observes Router router) {
        router.get(PATH).handler(this::wait);
    }

    void mountForPeers(@Observes StartupEvent event) {
        peerServer.router().get(PATH).handler(this::answerPeer);
    }

    private void wait(RoutingContext context) {
        var parsed = capability(context);
        if (parsed.isEmpty() || open.incrementAndGet() > config.receiptStreams()) {
            if (parsed.isPresent()) {
                open.decrementAndGet();
            }
            Problems.write(context, parsed.isEmpty() ? unknown() : busy());
            return;
        }
        context.addEndHandler(ended -> open.decrementAndGet());
        look(new Waiting(context, parsed.get(), clock.instant().plus(patience(context))));
    }

    private void look(Waiting waiting) {
        if (waiting.isGone()) {
            return;
        }
        homes.find(waiting.capability().account(), 0)
                .flatMap(place -> place.elsewhere()
                        .map(home -> far.take(home.home(), waiting.capability()))
                        .orElseGet(() -> receipts.ready(waiting.capability())))
                .subscribe()
                .with(ready -> tell(waiting, ready), failure -> Problems.write(waiting.context(), failure));
    }

    private void tell(Waiting waiting, List<Receipt> ready) {
        if (waiting.isGone()) {
            return;
        }
        var pushing = waiting.context().request().version() == HttpVersion.HTTP_2;
        if (ready.isEmpty()) {
            rest(waiting);
        } else if (pushing) {
            push(waiting, ready);
        } else {
            list(waiting, ready);
        }
    }

    private void rest(Waiting waiting) {
        if (clock.instant().isBefore(waiting.until())) {
            vertx.setTimer(config.receiptLook().toMillis(), id -> look(waiting));
        } else {
            waiting.context().response().setStatusCode(204).end();
        }
    }

    private void push(Waiting waiting, List<Receipt> ready) {
        Future.all(ready.stream().map(receipt -> push(waiting, receipt)).toList())
                .onSuccess(pushed -> told(waiting, ready, () -> {
                    if (ready.size() == Receipts.BATCH) {
                        look(waiting);
                    } else {
                        rest(waiting);
                    }
                }))
                .onFailure(refused -> list(waiting, ready));
    }

    private Future<Void> push(Waiting waiting, Receipt receipt) {
        return waiting.context().response().push(HttpMethod.GET, receipt.path()).compose(pushed -> pushed.setStatusCode(
                        receipt.status())
                .end());
    }

    /** For a client that takes no server push. */
    private void list(Waiting waiting, List<Receipt> ready) {
        if (waiting.isGone()) {
            return;
        }
        var origin = config.pushOrigin();
        var list = new JsonArray();
        ready.forEach(receipt -> list.add(new JsonObject()
                .put("message", origin.resolve(receipt.path()).toString())
                .put("status", receipt.status())));
        waiting.context()
                .response()
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject().put("receipts", list).toBuffer())
                .onSuccess(sent -> told(waiting, ready, () -> {}));
    }

    /** They are deleted only now: what a broken connection did not carry comes again. */
    private void told(Waiting waiting, List<Receipt> told, Runnable then) {
        receipts.told(waiting.capability(), told).subscribe().with(done -> then.run(), failure -> {
            // in another region they were taken already; here they are told once more
            then.run();
        });
    }

    private void answerPeer(RoutingContext context) {
        Uni.createFrom()
                .deferred(() -> {
                    if (!PeerIdentity.of(context).service().equals(identity.service())) {
                        throw new ProblemException(ErrorCode.FORBIDDEN, "Only messaging-services fetch for others.");
                    }
                    var asked = capability(context).orElseThrow(ReceiptRoutes::unknown);
                    return receipts.ready(asked)
                            .call(ready -> Uni.createFrom().completionStage(() -> context.response()
                                    .putHeader("Content-Type", "application/json")
                                    .end(Json.encodeToBuffer(ready))
                                    .toCompletionStage()))
                            .flatMap(ready -> receipts.told(asked, ready));
                })
                .subscribe()
                .with(done -> {}, failure -> Problems.write(context, failure));
    }

    private Duration patience(RoutingContext context) {
        var longest = config.receiptWait();
        var prefer = context.request().headers().getAll("Prefer");
        var wait = WAIT.matcher(String.join(",", prefer));
        if (!wait.find()) {
            return longest;
        }
        var wanted = Duration.ofSeconds(Long.parseLong(wait.group(1)));
        return wanted.compareTo(longest) < 0 ? wanted : longest;
    }

    private Optional<Capability> capability(RoutingContext context) {
        return routing.parse(context.pathParam("capability"));
    }

    private static ProblemException unknown() {
        return new ProblemException(ErrorCode.NOT_FOUND, "There are no receipts at this address: forget it.");
    }

    private static ProblemException busy() {
        return new ProblemException(
                ErrorCode.TOO_MANY_REQUESTS,
                "As many senders wait for receipts here as may: ask again with Prefer: wait=0.",
                Map.of("retryAfter", RETRY_AFTER));
    }
}
